package org.symbolon.redis;

import io.lettuce.core.RedisURI;
import io.lettuce.core.resource.DnsResolver;
import io.lettuce.core.resource.SocketAddressResolver;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/** Asks for the master's address anew each time that it is connected to. */
final class MasterResolver extends SocketAddressResolver {
  /** Stands for the master in a URI. */
  static final String HOST = "master.invalid";

  private volatile @Nullable Sentinels sentinels;

  MasterResolver() {
    super(DnsResolver.unresolved());
  }

  void follow(Sentinels sentinels) {
    this.sentinels = sentinels;
  }

  @Override
  public SocketAddress resolve(RedisURI uri) {
    @Nullable Sentinels known = sentinels;
    return known != null && HOST.equals(uri.getHost()) ? known.master() : super.resolve(uri);
  }
}
