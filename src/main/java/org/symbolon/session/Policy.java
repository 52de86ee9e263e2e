package org.symbolon.session;

/** What is in force for a tenant and client class. Pure: the same question has the same answer. */
public interface Policy {
  Timeouts timeouts(Tenant tenant, ClientClass clientClass);

  SubjectLimit limit(Tenant tenant);

  RotationPolicy rotation(Tenant tenant);
}
