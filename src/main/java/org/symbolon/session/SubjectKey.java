package org.symbolon.session;

/**
 * The keyed hash of a tenant and subject: the bucket of their sessions and the name of their index.
 */
public record SubjectKey(int bucket, long hash) {}
