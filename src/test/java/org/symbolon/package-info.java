/** Tests of the whole: the import table, the service as a process. */
@NullMarked
package org.symbolon;

import org.jspecify.annotations.NullMarked;
