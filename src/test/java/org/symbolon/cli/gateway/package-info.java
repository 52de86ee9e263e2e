@NullMarked
package org.symbolon.cli.gateway;

import org.jspecify.annotations.NullMarked;
