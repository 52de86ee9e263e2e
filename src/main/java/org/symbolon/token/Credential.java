package org.symbolon.token;

import java.util.Set;
import java.util.regex.Pattern;
import org.symbolon.session.Services;
import org.symbolon.session.Tenant;

/**
 * A backend that shows a secret of 32 to 256 characters of {@code [A-Za-z0-9_~+/=-]}.
 *
 * @param id 1 to 64 characters of {@code [A-Za-z0-9_-]}
 * @param sha256 the secret's SHA-256 in lower-case hex
 * @param tenants those it may act for; all where empty
 * @param roles on the admin listener
 */
public record Credential(
    String id,
    String sha256,
    Set<Services.Scope> scopes,
    Set<Tenant> tenants,
    Set<Services.Role> roles) {
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{1,64}");
  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

  /**
   * @throws IllegalArgumentException for another shape; the message names the field
   */
  public Credential {
    checkId(id);
    if (!SHA256.matcher(sha256).matches()) {
      throw new IllegalArgumentException(
          "sha256: 64 characters of lower-case hex needed, as of: echo -n \"$secret\" |"
              + " sha256sum");
    }
    scopes = Set.copyOf(scopes);
    tenants = Set.copyOf(tenants);
    roles = Set.copyOf(roles);
  }

  static void checkId(String id) {
    if (!ID.matcher(id).matches()) {
      throw new IllegalArgumentException("id: 1 to 64 characters of A-Z a-z 0-9 _ - needed");
    }
  }

  @Override
  public String toString() {
    return "Credential[" + id + "]";
  }
}
