@NullMarked
package org.symbolon.campaign;

import org.jspecify.annotations.NullMarked;
