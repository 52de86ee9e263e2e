/** Commands that ask the admin listener: sessions, subjects, campaigns. */
@NullMarked
package org.symbolon.cli.operator;

import org.jspecify.annotations.NullMarked;
