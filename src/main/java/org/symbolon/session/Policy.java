package org.symbolon.session;

/** What is in force for a tenant and client class. Pure: the same question has the same answer. */
public interface Policy {
  Timeouts timeouts(Tenant tenant, ClientClass clientClass);

  SubjectLimit limit(Tenant tenant);

  RotationPolicy rotation(Tenant tenant);

  BindingPolicy binding(Tenant tenant);

  /** Nothing is compared unless a policy says so. */
  default SignalPolicy signals(Tenant tenant) {
    return SignalPolicy.OFF;
  }
}
