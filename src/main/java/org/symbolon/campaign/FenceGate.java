package org.symbolon.campaign;

import org.symbolon.session.Changes;
import org.symbolon.session.Handle;

/** Lets nobody take what is remembered for current beyond the moment up to which fences are. */
public final class FenceGate implements Changes {
  private final Changes next;
  private final FenceView fences;
  private final Runnable ask;

  /**
   * @param ask has the fences asked for soon; must not block
   */
  public FenceGate(Changes next, FenceView fences, Runnable ask) {
    this.next = next;
    this.fences = fences;
    this.ask = ask;
  }

  @Override
  public void fenced() {
    ask.run();
  }

  @Override
  public void changed(Handle handle) {
    next.changed(handle);
  }

  @Override
  public void missed() {
    next.missed();
  }

  @Override
  public void current(long asOf) {
    if (fences.isProven()) {
      next.current(fences.provenUpTo(asOf));
    }
  }
}
