package org.symbolon.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import javax.security.auth.x500.X500Principal;

/**
 * A person who shows a client certificate on the admin listener.
 *
 * @param certificate a name in it: {@code email:}, {@code dns:}, {@code uri:} or {@code subject:}
 * @param roles at least one
 * @param tenants those the person may act for; all where empty
 * @param account the person's own, as {@code tenant/subject}
 */
public record OperatorConfig(
    String name,
    String certificate,
    List<String> roles,
    List<String> tenants,
    Optional<String> account) {
  static final Set<String> ROLES = Set.of("viewer", "operator", "approver", "admin", "break-glass");

  static List<OperatorConfig> read(Settings settings) {
    List<OperatorConfig> operators = new ArrayList<>();
    Set<String> certificates = new TreeSet<>();
    for (String name : settings.names("operators")) {
      String key = "operators." + name + ".";
      if (!name.matches("[A-Za-z0-9_-]{1,64}")) {
        settings.fault("operators." + name, "1 to 64 characters of A-Z a-z 0-9 _ - needed");
      }
      settings.require(key + "certificate", "a name in the operator's certificate");
      settings.require(key + "roles", "some of " + String.join(", ", new TreeSet<>(ROLES)));
      settings.within(key + "roles", ROLES);
      Names.tenant(settings, key + "tenants");
      Names.account(settings, key + "account");
      String certificate = settings.text(key + "certificate");
      if (!certificate.isEmpty() && !isName(certificate)) {
        settings.fault(
            key + "certificate",
            "email:, dns: or uri: and the alternative name needed, or subject: and the"
                + " distinguished name");
      }
      if (!certificates.add(certificate)) {
        settings.fault(key + "certificate", "is another operator's too; give each one's own");
      }
      operators.add(
          new OperatorConfig(
              name,
              certificate,
              settings.texts(key + "roles"),
              settings.texts(key + "tenants"),
              settings.find(key + "account")));
    }
    if (!operators.isEmpty() && settings.find("admin.tls.clientCa").isEmpty()) {
      settings.fault("admin.tls.clientCa", "needed with operators: who issues their certificates");
    }
    return operators;
  }

  private static boolean isName(String text) {
    if (text.startsWith("subject:")) {
      try {
        return !new X500Principal(text.substring("subject:".length())).getName().isEmpty();
      } catch (IllegalArgumentException e) {
        return false;
      }
    }
    return text.matches("(email|dns|uri):[!-~]{1,255}");
  }
}
