/** Every meter, tag, log format and audit event in one place. */
@NullMarked
package org.symbolon.telemetry;

import org.jspecify.annotations.NullMarked;
