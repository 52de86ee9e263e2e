package org.symbolon.session;

/** Text of visible ASCII characters alone (VCHAR, RFC 5234), which goes into a header as it is. */
final class VisibleText {
  private VisibleText() {}

  // A loop and no stream: some texts are judged whenever a session is read.
  static boolean is(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c <= ' ' || c >= 0x7f) {
        return false;
      }
    }
    return true;
  }
}
