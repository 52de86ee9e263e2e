package org.symbolon.token;

import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.security.auth.x500.X500Principal;
import org.symbolon.session.Operators;
import org.symbolon.session.Services.Service;

/**
 * Knows operators by a name in their certificates: an alternative name (RFC 5280 section 4.2.1.6)
 * as {@code email:}, {@code dns:} or {@code uri:}, or the whole {@code subject:} in the form of RFC
 * 2253. A certificate that names several operators is nobody's.
 */
public final class OperatorCertificates implements Operators {
  private static final String SUBJECT = "subject:";
  private static final Map<Integer, String> ALTERNATIVES =
      Map.of(1, "email:", 2, "dns:", 6, "uri:");

  private final Map<String, Service> operators;
  private final InstantSource clock;

  /**
   * @param operators by the name that stands in their certificates
   */
  public OperatorCertificates(Map<String, Service> operators, InstantSource clock) {
    this.operators =
        operators.entrySet().stream()
            .collect(
                java.util.stream.Collectors.toUnmodifiableMap(
                    entry -> canonical(entry.getKey()), Map.Entry::getValue));
    this.clock = clock;
  }

  /**
   * The one form of a name.
   *
   * @throws IllegalArgumentException where it is none
   */
  static String canonical(String name) {
    if (name.startsWith(SUBJECT)) {
      return SUBJECT
          + new X500Principal(name.substring(SUBJECT.length())).getName(X500Principal.CANONICAL);
    }
    return name.startsWith("dns:") ? name.toLowerCase(Locale.ROOT) : name;
  }

  @Override
  public Optional<Service> of(X509Certificate certificate) {
    try {
      // A connection may outlive the certificate that opened it.
      certificate.checkValidity(Date.from(clock.instant()));
      List<Service> found =
          names(certificate).stream()
              .map(operators::get)
              .filter(o -> o != null)
              .distinct()
              .toList();
      return found.size() == 1 ? Optional.of(found.getFirst()) : Optional.empty();
    } catch (CertificateExpiredException
        | CertificateNotYetValidException
        | CertificateParsingException e) {
      return Optional.empty();
    }
  }

  private static Set<String> names(X509Certificate certificate) throws CertificateParsingException {
    List<String> names = new ArrayList<>();
    names.add(SUBJECT + certificate.getSubjectX500Principal().getName(X500Principal.CANONICAL));
    Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
    if (alternatives != null) {
      for (List<?> alternative : alternatives) {
        String kind = ALTERNATIVES.get((Integer) alternative.get(0));
        if (kind != null) {
          names.add(canonical(kind + alternative.get(1)));
        }
      }
    }
    return Set.copyOf(names);
  }
}
