/** The listeners for operators: sessions of anybody, and probes and metrics. */
@NullMarked
package org.symbolon.http.admin;

import org.jspecify.annotations.NullMarked;
