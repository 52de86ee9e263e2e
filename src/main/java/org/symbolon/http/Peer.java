package org.symbolon.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.util.AttributeKey;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The other end of a connection: what is the same for all of its requests, found out once. */
final class Peer {
  private static final AttributeKey<Peer> KEY = AttributeKey.valueOf(Peer.class, "PEER");

  private final @Nullable StrictRequestDecoder decoder;
  private final String address;
  private final boolean isLoopback;
  private final boolean isTrusted;
  private final ClientTls tls;

  // The hosts that were named last: the gateway's own and its client's.
  private @Nullable String authority;
  private @Nullable String authorityBefore;

  private Peer(
      @Nullable StrictRequestDecoder decoder,
      Optional<byte[]> address,
      TrustedPeers trusted,
      ClientTls tls) {
    this.decoder = decoder;
    this.address = address.map(Addresses::text).orElse("");
    this.isLoopback = address.filter(Addresses::isLoopback).isPresent();
    this.isTrusted = trusted.includes(this.address);
    this.tls = tls;
  }

  /**
   * Takes note of a new connection.
   *
   * @param decoder the one of HTTP/1
   */
  static void meet(
      HttpConnection connection, @Nullable StrictRequestDecoder decoder, TrustedPeers trusted) {
    SocketAddress socket = connection.remoteAddress();
    Optional<byte[]> address =
        socket == null || socket.hostAddress() == null
            ? Optional.empty()
            : Addresses.parse(socket.hostAddress().replaceFirst("%.*", ""));
    channel(connection)
        .attr(KEY)
        .set(new Peer(decoder, address, trusted, ClientTls.of(connection)));
  }

  static Peer of(HttpServerRequest request) {
    return channel(request.connection()).attr(KEY).get();
  }

  static Channel channel(HttpConnection connection) {
    return ((ConnectionBase) connection).channel();
  }

  /** The canonical text; empty where it has no IP address. */
  String address() {
    return address;
  }

  boolean isLoopback() {
    return isLoopback;
  }

  /** Its {@code X-Forwarded-*} are believed. */
  boolean isTrusted() {
    return isTrusted;
  }

  /** What its own TLS shows of it. */
  ClientTls tls() {
    return tls;
  }

  boolean isAuthority(String text) {
    if (text.equals(authority) || text.equals(authorityBefore)) {
      return true;
    }
    if (!RequestRules.isAuthority(text)) {
      return false;
    }
    authorityBefore = authority;
    authority = text;
    return true;
  }

  /** True after {@link #part}: what was decoded before it and still waits gets no answer. */
  boolean isParting() {
    return decoder != null && decoder.isParting();
  }

  /** Hears no more: the reply that is about to be sent is the last one. */
  void part() {
    if (decoder != null) {
      decoder.part();
    }
  }

  /** Ends the connection once the last reply can be read. */
  void hangUp(HttpConnection connection) {
    ChannelHandlerContext context =
        decoder == null ? null : channel(connection).pipeline().context(decoder);
    if (decoder != null && context != null) {
      decoder.hangUp(context);
    } else {
      var _ = connection.close();
    }
  }
}
