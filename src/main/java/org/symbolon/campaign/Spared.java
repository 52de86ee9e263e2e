package org.symbolon.campaign;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Whom no campaign is about unless it is told to be, by configuration.
 *
 * @param accounts of people who have to get in when nobody does, as {@code tenant/subject}
 * @param clientClasses of programs' sessions
 * @param own each operator's own account, by the operator's name
 */
public record Spared(List<String> accounts, List<String> clientClasses, Map<String, String> own) {
  public static final Spared NOBODY = new Spared(List.of(), List.of(), Map.of());

  public Spared {
    accounts = List.copyOf(accounts);
    clientClasses = List.copyOf(clientClasses);
    own = Map.copyOf(own);
  }

  /**
   * The exceptions for a campaign; accounts of other tenants than it names need none.
   *
   * @param tenants that it names; all where empty
   */
  Map<Criterion, List<String>> of(String operator, List<String> tenants) {
    List<String> these = new ArrayList<>();
    Stream.concat(accounts.stream(), Optional.ofNullable(own.get(operator)).stream())
        .filter(a -> tenants.isEmpty() || tenants.contains(a.substring(0, a.indexOf('/'))))
        .forEach(these::add);
    Map<Criterion, List<String>> spared = new EnumMap<>(Criterion.class);
    if (!these.isEmpty()) {
      spared.put(Criterion.ACCOUNT, these);
    }
    if (!clientClasses.isEmpty()) {
      spared.put(Criterion.CLIENT_CLASS, clientClasses);
    }
    return spared;
  }
}
