/** Real gateways from the system's packages, running the recipes in front of the whole service. */
@NullMarked
package org.symbolon.gateways;

import org.jspecify.annotations.NullMarked;
