package org.symbolon.http;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;

/** Reads request bodies up to a limit. */
final class Bodies {
  /** RFC 9113 section 7. */
  private static final int ENHANCE_CALM = 11;

  private Bodies() {}

  static boolean isAnnounced(HttpServerRequest request) {
    String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    return length == null
        ? request.headers().contains(HttpHeaders.TRANSFER_ENCODING)
        : !length.equals("0");
  }

  /** True where the length that the request announces is beyond the limit. */
  static boolean isTooLarge(HttpServerRequest request, int most) {
    String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    // The decoder has let digits pass alone.
    return length != null && (length.length() > 9 || Integer.parseInt(length) > most);
  }

  static Future<Buffer> read(HttpServerRequest request, Context context, Limits limits) {
    int most = limits.body();
    Promise<Buffer> promise = Promise.promise();
    Buffer body = Buffer.buffer();
    request.handler(
        part -> {
          if (body.length() + part.length() > most) {
            promise.tryFail(RefusedRequest.ending(Problems.bodyTooLarge(most)));
          } else {
            body.appendBuffer(part);
          }
        });
    request.endHandler(_ -> promise.tryComplete(body));
    request.exceptionHandler(promise::tryFail);
    if (request.version() == HttpVersion.HTTP_2) {
      // A connection of HTTP/1 has a deadline of its own.
      long timer =
          context
              .owner()
              .setTimer(
                  limits.bodyDeadline().toMillis(), _ -> request.response().reset(ENHANCE_CALM));
      promise.future().onComplete(_ -> context.owner().cancelTimer(timer));
    } else if ("100-continue".equalsIgnoreCase(request.getHeader("Expect"))) {
      request.response().writeContinue();
    }
    return promise.future();
  }
}
