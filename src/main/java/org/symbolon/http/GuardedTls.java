package org.symbolon.http;

import io.netty.channel.Channel;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.DelegatingSslContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.FutureListener;
import io.vertx.core.net.JdkSSLEngineOptions;
import io.vertx.core.spi.tls.SslContextFactory;
import java.util.List;
import java.util.Set;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManagerFactory;

/**
 * The JDK's TLS with a deadline on every HTTP/2 connection from its first byte. Vert.x shows such a
 * connection only after its first frames, when their bytes can't be counted any more.
 */
final class GuardedTls extends JdkSSLEngineOptions {
  private final Limits limits;

  GuardedTls(Limits limits) {
    this.limits = limits;
  }

  @Override
  public GuardedTls copy() {
    return new GuardedTls(limits);
  }

  @Override
  public SslContextFactory sslContextFactory() {
    return new Factory(super.sslContextFactory(), limits);
  }

  private record Factory(SslContextFactory jdk, Limits limits) implements SslContextFactory {
    @Override
    public SslContextFactory useAlpn(boolean useAlpn) {
      return new Factory(jdk.useAlpn(useAlpn), limits);
    }

    @Override
    public SslContextFactory clientAuth(ClientAuth clientAuth) {
      return new Factory(jdk.clientAuth(clientAuth), limits);
    }

    @Override
    public SslContextFactory forClient(boolean forClient) {
      return new Factory(jdk.forClient(forClient), limits);
    }

    @Override
    public SslContextFactory keyMananagerFactory(KeyManagerFactory kmf) {
      return new Factory(jdk.keyMananagerFactory(kmf), limits);
    }

    @Override
    public SslContextFactory trustManagerFactory(TrustManagerFactory tmf) {
      return new Factory(jdk.trustManagerFactory(tmf), limits);
    }

    @Override
    public SslContextFactory enabledCipherSuites(Set<String> enabledCipherSuites) {
      return new Factory(jdk.enabledCipherSuites(enabledCipherSuites), limits);
    }

    @Override
    public SslContextFactory applicationProtocols(List<String> applicationProtocols) {
      return new Factory(jdk.applicationProtocols(applicationProtocols), limits);
    }

    @Override
    public SslContextFactory serverName(String serverName) {
      return new Factory(jdk.serverName(serverName), limits);
    }

    @Override
    public SslContext create() throws SSLException {
      return new Guarded(jdk.create(), limits);
    }
  }

  private static final class Guarded extends DelegatingSslContext {
    private final Limits limits;

    Guarded(SslContext jdk, Limits limits) {
      super(jdk);
      this.limits = limits;
    }

    @Override
    protected void initEngine(SSLEngine engine) {}

    @Override
    protected void initHandler(SslHandler handler) {
      FutureListener<Channel> guard =
          done -> {
            if (done.isSuccess() && "h2".equals(handler.applicationProtocol())) {
              String tls = done.getNow().pipeline().context(handler).name();
              done.getNow().pipeline().addAfter(tls, "frameDeadline", new Http2Deadline(limits));
            }
          };
      handler.handshakeFuture().addListener(guard);
    }
  }
}
