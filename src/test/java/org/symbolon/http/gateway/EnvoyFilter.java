package org.symbolon.http.gateway;

import com.google.protobuf.ByteString;
import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.config.core.v3.HeaderMap;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption;
import io.envoyproxy.envoy.config.core.v3.SocketAddress;
import io.envoyproxy.envoy.service.auth.v3.AttributeContext;
import io.envoyproxy.envoy.service.auth.v3.AuthorizationGrpc;
import io.envoyproxy.envoy.service.auth.v3.CheckRequest;
import io.envoyproxy.envoy.service.auth.v3.CheckResponse;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.vertx.core.MultiMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

/**
 * Envoy's ext_authz filter: asks over gRPC, by the generated classes of the real proto, and does to
 * a request and its response what Envoy does with the answer.
 */
final class EnvoyFilter implements AutoCloseable {
  private static final int PATIENCE_SECONDS = 20;

  /** How a release reads {@code HeaderValueOption}. */
  enum Release {
    /** {@code append} says all, and is false where it is not set. */
    OLD,
    /** {@code append_action} says all where {@code append} is not set. */
    NEW
  }

  private final ManagedChannel channel;

  EnvoyFilter(int port) {
    channel = NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
  }

  AuthorizationGrpc.AuthorizationBlockingStub stub() {
    return AuthorizationGrpc.newBlockingStub(channel)
        .withDeadlineAfter(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  /** Field lines such as {@code Cookie: a=b}; Envoy joins those of one name. */
  static AttributeContext.HttpRequest.Builder request(
      String method, String path, String... fields) {
    Map<String, String> joined = new TreeMap<>();
    joined.put(":method", method);
    joined.put(":path", path);
    joined.put(":authority", "app.example");
    joined.put("x-forwarded-proto", "https");
    for (String field : fields) {
      String name = field.substring(0, field.indexOf(':')).toLowerCase(Locale.ROOT);
      String value = field.substring(field.indexOf(':') + 1).strip();
      joined.merge(name, value, (a, b) -> a + (name.equals("cookie") ? "; " : ",") + b);
    }
    return AttributeContext.HttpRequest.newBuilder()
        .setId("1")
        .setMethod(method)
        .setPath(path)
        .setHost("app.example")
        .setScheme("https")
        .setProtocol("HTTP/2")
        .setSize(-1)
        .putAllHeaders(joined);
  }

  CheckResponse check(AttributeContext.HttpRequest.Builder request) {
    return stub().check(message(request));
  }

  static CheckRequest message(AttributeContext.HttpRequest.Builder request) {
    return message(request, "");
  }

  /**
   * What Envoy sends with {@code include_peer_certificate}.
   *
   * @param certificate the client's, in the PEM form, percent-encoded
   */
  static CheckRequest message(AttributeContext.HttpRequest.Builder request, String certificate) {
    return CheckRequest.newBuilder()
        .setAttributes(
            AttributeContext.newBuilder()
                .setSource(
                    AttributeContext.Peer.newBuilder()
                        .setPrincipal("spiffe://cluster/gateway")
                        .setCertificate(certificate)
                        .setAddress(
                            Address.newBuilder()
                                .setSocketAddress(
                                    SocketAddress.newBuilder()
                                        .setAddress("203.0.113.7")
                                        .setPortValue(50_000))))
                .setRequest(AttributeContext.Request.newBuilder().setHttp(request))
                .putContextExtensions("route", "any"))
        .build();
  }

  /** The same, its fields as they came ({@code encode_raw_headers}). */
  static AttributeContext.HttpRequest.Builder raw(AttributeContext.HttpRequest.Builder request) {
    HeaderMap.Builder map = HeaderMap.newBuilder();
    request
        .getHeadersMap()
        .forEach(
            (name, value) ->
                map.addHeaders(
                    HeaderValue.newBuilder()
                        .setKey(name)
                        .setRawValue(ByteString.copyFromUtf8(value))));
    return request.clone().clearHeaders().setHeaderMap(map);
  }

  /** What an allowed request becomes on its way to the application. */
  static MultiMap upstream(
      Release release, AttributeContext.HttpRequest.Builder request, CheckResponse answer) {
    MultiMap fields = MultiMap.caseInsensitiveMultiMap();
    request.getHeadersMap().forEach(fields::add);
    apply(release, fields, answer.getOkResponse().getHeadersList());
    answer.getOkResponse().getHeadersToRemoveList().forEach(fields::remove);
    return fields;
  }

  /** What the application's response becomes on its way to the client. */
  static MultiMap downstream(Release release, MultiMap response, CheckResponse answer) {
    apply(release, response, answer.getOkResponse().getResponseHeadersToAddList());
    return response;
  }

  @SuppressWarnings("deprecation") // append: releases that know append_action read it still
  private static void apply(Release release, MultiMap fields, List<HeaderValueOption> options) {
    for (HeaderValueOption option : options) {
      String name = option.getHeader().getKey();
      String value = option.getHeader().getValue();
      boolean appends =
          (release == Release.OLD || option.hasAppend())
              ? option.getAppend().getValue()
              : option.getAppendAction()
                  == HeaderValueOption.HeaderAppendAction.APPEND_IF_EXISTS_OR_ADD;
      BiConsumer<String, String> change = appends ? fields::add : fields::set;
      // An empty value may be passed over.
      if (!value.isEmpty() || option.getKeepEmptyValue()) {
        change.accept(name, value);
      }
    }
  }

  @Override
  public void close() throws InterruptedException {
    channel.shutdownNow();
    channel.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }
}
