/** What files of networks say of an address. */
@NullMarked
package org.symbolon.geo;

import org.jspecify.annotations.NullMarked;
