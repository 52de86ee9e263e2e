package org.symbolon.http;

/** Ends the reading of a request that is not one; carries what is wrong with it. */
public final class RefusedRequest extends RuntimeException {
  private final transient Problem problem;
  private final boolean endsConnection;

  private RefusedRequest(Problem problem, boolean endsConnection) {
    super(problem.detail(), null, false, false);
    this.problem = problem;
    this.endsConnection = endsConnection;
  }

  public RefusedRequest(Problem problem) {
    this(problem, false);
  }

  /** Where the peer's idea of a message's end can't be relied on any more. */
  static RefusedRequest ending(Problem problem) {
    return new RefusedRequest(problem, true);
  }

  public Problem problem() {
    return problem;
  }

  boolean endsConnection() {
    return endsConnection;
  }
}
