/** Tests of the store against real Redis servers, standalone and Cluster. */
@NullMarked
package org.symbolon.redis;

import org.jspecify.annotations.NullMarked;
