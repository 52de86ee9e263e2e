package org.symbolon.http.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PlainPathTest {
  @ParameterizedTest
  @CsvSource({
    "/, /",
    "/admin, /admin",
    "/admin/, /admin/",
    "/ADMIN, /admin",
    "/admin?next=/../x, /admin",
    "/%61dmin, /admin",
    "/a%20b, '/a b'",
    "/100%25, /100%",
    "/.well-known/x, /.well-known/x",
    "/a.b/c.txt, /a.b/c.txt",
    "/caf%C3%A9, /café",
  })
  void readsWhatEveryServerReadsAlike(String target, String path) {
    assertThat(PlainPath.of(target)).contains(path);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "*",
        "admin",
        "//admin",
        "/x//admin",
        "/./admin",
        "/x/../admin",
        "/x/..",
        "/x/.",
        "/x/%2e%2e/admin",
        "/x/.%2E/admin",
        "/%2fadmin",
        "/x%2Fadmin",
        "/x%5cadmin",
        "/x\\admin",
        "/x/..;/admin",
        "/admin;x=1",
        "/admin%3bx=1",
        "/%2561dmin",
        "/x%252fadmin",
        "/admin%00",
        "/admin%0a",
        "/admin%7f",
        "/admin%3fx",
        "/admin%23x",
        "/admin#x",
        "/admin x",
        "/admin.",
        "/admin%20",
        "/admin.%20/x",
        "/admin%",
        "/admin%4",
        "/admin%zz",
        "/%c0%afadmin",
        "/%c1%81dmin",
        "/\u00ffadmin",
        "/%ef%bd%81dmin",
        "/%ef%bc%8fadmin",
        "/%e2%84%aa",
      })
  void hasNoPlainFormOfWhatServersReadDifferently(String target) {
    assertThat(PlainPath.of(target)).isEmpty();
  }
}
