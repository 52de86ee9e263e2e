package org.symbolon.events;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.symbolon.campaign.OutageException;

/**
 * The audit events as what receivers are told, each at least once and in order: how far a receiver
 * was told is kept with the store, and one node at a time goes on from there. Every method waits
 * for the store.
 */
public interface Outbox {
  /** How many refused messages of a receiver are kept; with more nothing further is told. */
  int MOST_DEAD = 1_000;

  /**
   * Takes or keeps the right to tell a receiver; gives what was told last, empty text for nothing
   * ever. Empty where another node has it.
   */
  Optional<String> lease(String receiver, Duration life) throws OutageException;

  /** Lets a receiver be told of what happens from an instant on. */
  boolean begin(String receiver, Instant at, Duration life) throws OutageException;

  /** What comes after an entry, in order. */
  Batch after(String id, int most) throws OutageException;

  /**
   * Some messages.
   *
   * @param isGap whether messages in between are lost, with the store or for the stream's length
   */
  record Batch(List<Message> messages, boolean isGap) {}

  /** A receiver was told up to this one. False where another node tells it by now. */
  boolean told(String receiver, String id, Duration life) throws OutageException;

  /** The same, and it has refused this one. */
  Burial refused(String receiver, DeadLetter letter, Duration life) throws OutageException;

  /** The outcome for a refused message. */
  enum Burial {
    KEPT,
    NO_ROOM,
    NOT_OURS
  }

  /** What a receiver has refused, the oldest first. */
  List<DeadLetter> dead(String receiver) throws OutageException;

  /** Drops one of them; false where there is none of this ID. */
  boolean forget(String receiver, String id) throws OutageException;

  /** The entries beyond that which a receiver who asks has done with. */
  Set<String> acknowledged(String receiver) throws OutageException;

  /** It has done with these too. */
  void acknowledge(String receiver, Collection<String> ids) throws OutageException;

  /**
   * It has done with all up to an entry; nothing where somebody noted that or more.
   *
   * @param from how far it was told when that was looked at
   * @param ids the entries up to there
   */
  void advance(String receiver, String from, String to, Collection<String> ids)
      throws OutageException;

  /** Keeps what a receiver who asks has refused; false where there is no room. */
  boolean bury(String receiver, DeadLetter letter) throws OutageException;

  /** How far a receiver was told. */
  Optional<String> position(String receiver) throws OutageException;
}
