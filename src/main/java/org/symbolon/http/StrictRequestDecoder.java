package org.symbolon.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.AsciiString;
import io.netty.util.concurrent.ScheduledFuture;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.impl.VertxHttpRequestDecoder;
import io.vertx.core.http.impl.headers.HeadersMultiMap;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Decodes HTTP/1 requests, refuses malformed ones, and closes slow connections.
 *
 * <p>A refused request goes on as an empty one that is marked, so that it is answered in its turn
 * like any other; whatever follows it on the connection is dropped.
 */
final class StrictRequestDecoder extends VertxHttpRequestDecoder {
  /** No field on the wire can have this name, for a colon ends a name. */
  static final String MARK = ":refused";

  static final String LINE_TOO_LONG = "line";
  static final String HEAD_TOO_LARGE = "head";
  static final String MALFORMED = "malformed ";

  /** Of a request whose line was not read. */
  private static final String NO_TARGET = "/";

  /** How often it is looked within the time that a connection may be silent. */
  private static final int LOOKS = 8;

  private static final Duration LINGER = Duration.ofSeconds(1);

  private final Limits limits;
  private final HeadScanner scanner = new HeadScanner();
  private String target = NO_TARGET;
  private int fields;
  private boolean inBody;
  private boolean deaf;
  private boolean parting;
  private int looksSinceHeard;
  private @Nullable ScheduledFuture<?> deadline;
  private @Nullable ScheduledFuture<?> looking;

  StrictRequestDecoder(HttpServerOptions options, Limits limits) {
    super(options);
    this.limits = limits;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) throws Exception {
    super.handlerAdded(ctx);
    allow(ctx, limits.headDeadline());
    listen(ctx);
  }

  @Override
  protected void handlerRemoved0(ChannelHandlerContext ctx) throws Exception {
    stopClock();
    if (looking != null) {
      looking.cancel(false);
    }
    super.handlerRemoved0(ctx);
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) throws Exception {
    stopClock();
    super.channelInactive(ctx);
  }

  /** Hears no more: the reply that is about to be sent is the last one. */
  void part() {
    deaf = true;
    parting = true;
  }

  /** True after {@link #part}: what was decoded before it and still waits gets no answer. */
  boolean isParting() {
    return parting;
  }

  /** Ends the connection's own half, and all of it a little later. */
  void hangUp(ChannelHandlerContext ctx) {
    part();
    stopClock();
    if (ctx.pipeline().get(SslHandler.class) == null && ctx.channel() instanceof DuplexChannel c) {
      // A close with bytes unread resets the connection, and the peer may lose the reply.
      c.shutdownOutput().addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
      ctx.channel().config().setAutoRead(true);
      allow(ctx, LINGER);
    } else {
      var _ = ctx.close();
    }
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf buffer, List<Object> out)
      throws Exception {
    if (deaf) {
      buffer.skipBytes(buffer.readableBytes());
      return;
    }
    looksSinceHeard = 0;
    boolean head = !inBody;
    int start = buffer.readerIndex();
    boolean begins = head && deadline == null && buffer.isReadable();
    int before = out.size();
    super.decode(ctx, buffer, out);
    if (head) {
      scanner.scan(buffer, start, buffer.readerIndex());
    }
    for (int i = before; i < out.size(); i++) {
      if (out.get(i) instanceof HttpRequest request && request.decoderResult().isFailure()) {
        refuse(out, before, request.method(), mark(request.decoderResult().cause()));
        return;
      }
    }
    if (head && scanner.flaw().isPresent()) {
      target = scanner.isInRequestLine() ? NO_TARGET : target;
      refuse(out, before, HttpMethod.GET, MALFORMED + scanner.flaw().orElseThrow());
      return;
    }
    if (out.size() > before) {
      follow(ctx, out.get(before), out.getLast());
    } else if (begins) {
      allow(ctx, limits.headDeadline());
    }
  }

  private void follow(ChannelHandlerContext ctx, Object first, Object last) {
    boolean ended = last instanceof LastHttpContent;
    if (first instanceof HttpRequest) {
      stopClock();
      inBody = !ended;
      if (inBody) {
        allow(ctx, limits.bodyDeadline());
      }
    } else if (ended) {
      stopClock();
      inBody = false;
    }
    if (ended) {
      scanner.restart();
      target = NO_TARGET;
    }
  }

  private void refuse(List<Object> out, int before, HttpMethod method, String mark) {
    deaf = true;
    stopClock();
    out.subList(before, out.size()).clear();
    DefaultHttpRequest refused =
        new DefaultHttpRequest(
            HttpVersion.HTTP_1_1,
            method.equals(HttpMethod.HEAD) ? method : HttpMethod.GET,
            target,
            HeadersMultiMap.caseInsensitive());
    refused.headers().add(MARK, mark);
    out.add(refused);
    out.add(LastHttpContent.EMPTY_LAST_CONTENT);
  }

  private static String mark(Throwable cause) {
    if (cause instanceof TooLongHttpLineException) {
      return LINE_TOO_LONG;
    }
    if (cause instanceof TooLongHttpHeaderException) {
      return HEAD_TOO_LARGE;
    }
    return MALFORMED + "Its request line, header fields or framing can't be read";
  }

  @Override
  protected AsciiString splitHeaderName(byte[] line, int start, int length) {
    if (length == 0) {
      throw new IllegalArgumentException("name");
    }
    if (++fields > limits.fields()) {
      throw new TooLongHttpHeaderException("more than " + limits.fields() + " fields");
    }
    return super.splitHeaderName(line, start, length);
  }

  @Override
  protected HttpMessage createMessage(String[] initialLine) {
    fields = 0;
    if (!initialLine[2].equals("HTTP/1.1") && !initialLine[2].equals("HTTP/1.0")) {
      throw new IllegalArgumentException("version");
    }
    HttpMessage message = super.createMessage(initialLine);
    target = initialLine[1];
    return message;
  }

  /** Closes a connection once nothing came on it for long; asks no clock when something comes. */
  private void listen(ChannelHandlerContext ctx) {
    long every = Math.max(1, limits.idle().toMillis() / LOOKS);
    looking =
        ctx.executor().scheduleAtFixedRate(() -> look(ctx), every, every, TimeUnit.MILLISECONDS);
  }

  private void look(ChannelHandlerContext ctx) {
    // The first of them may come at once after something was heard.
    if (++looksSinceHeard > LOOKS) {
      var _ = ctx.close();
    }
  }

  private void allow(ChannelHandlerContext ctx, Duration time) {
    stopClock();
    Runnable close =
        () -> {
          var _ = ctx.close();
        };
    deadline = ctx.executor().schedule(close, time.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void stopClock() {
    if (deadline != null) {
      deadline.cancel(false);
      deadline = null;
    }
  }
}
