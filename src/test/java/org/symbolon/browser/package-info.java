/** A real Chromium, driven by the WebDriver protocol. */
@NullMarked
package org.symbolon.browser;

import org.jspecify.annotations.NullMarked;
