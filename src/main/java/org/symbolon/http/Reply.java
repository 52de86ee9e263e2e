package org.symbolon.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What is answered to a request. Its body and cookie may hold a session ID, so it has no text. */
public final class Reply {
  private final int status;
  private final String contentType;
  private final Buffer body;
  private final Map<String, String> fields;
  private final Optional<SetCookie> cookie;
  private final boolean isLasting;
  private final Optional<Consumer<HttpServerResponse>> writer;
  private volatile @Nullable MultiMap laidOut;

  private Reply(
      int status,
      String contentType,
      Buffer body,
      Map<String, String> fields,
      Optional<SetCookie> cookie) {
    this(status, contentType, body, fields, cookie, false, Optional.empty());
  }

  private Reply(
      int status,
      String contentType,
      Buffer body,
      Map<String, String> fields,
      Optional<SetCookie> cookie,
      boolean isLasting,
      Optional<Consumer<HttpServerResponse>> writer) {
    this.status = status;
    this.contentType = contentType;
    this.body = body;
    this.fields = fields;
    this.cookie = cookie;
    this.isLasting = isLasting;
    this.writer = writer;
  }

  public static Reply empty(int status) {
    return new Reply(status, "", Buffer.buffer(), Map.of(), Optional.empty());
  }

  public static Reply content(int status, String contentType, Buffer body) {
    return new Reply(status, contentType, body, Map.of(), Optional.empty());
  }

  /**
   * One whose body comes bit by bit.
   *
   * @param writer gets the response when its head is complete, and has to end it
   */
  public static Reply stream(int status, String contentType, Consumer<HttpServerResponse> writer) {
    return new Reply(
        status,
        contentType,
        Buffer.buffer(),
        Map.of(),
        Optional.empty(),
        false,
        Optional.of(writer));
  }

  public static Reply json(int status, ObjectNode node) {
    return content(status, "application/json", Json.write(node));
  }

  public static Reply problem(Problem problem) {
    ObjectNode node = Json.object();
    node.put("type", Problem.TYPE + problem.code());
    node.put("title", problem.title());
    node.put("status", problem.status());
    node.put("detail", problem.detail());
    problem.fieldAtFault().ifPresent(field -> node.put("field", field));
    problem.wayOut().ifPresent(mend -> node.put("mend", mend));
    Reply reply = content(problem.status(), "application/problem+json", Json.write(node));
    return switch (problem.status()) {
      case 401 -> reply.with("WWW-Authenticate", problem.challenge());
      case 503 -> reply.with("Retry-After", "1");
      default -> reply;
    };
  }

  /** The store gave no answer: come back soon, and keep the cookie. */
  public static Reply unavailable() {
    return problem(Problems.storeUnavailable());
  }

  /**
   * Sessions are ended, and that may yet be lost: repeat it soon, and keep the cookie until then.
   */
  public static Reply notDurable() {
    return problem(Problems.notDurable());
  }

  public Reply with(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(fields);
    more.put(name, value);
    return new Reply(status, contentType, body, more, cookie);
  }

  /** The same with these fields as well. */
  public Reply withAll(Map<String, String> further) {
    Map<String, String> more = new LinkedHashMap<>(fields);
    more.putAll(further);
    return new Reply(status, contentType, body, more, cookie);
  }

  /** The same with these fields alone. */
  public Reply with(Map<String, String> only) {
    return new Reply(status, contentType, body, only, cookie);
  }

  public Reply with(SetCookie set) {
    return new Reply(status, contentType, body, fields, Optional.of(set));
  }

  /** The same for many requests: its fields are laid out once, and no cookie can be among them. */
  public Reply lasting() {
    return new Reply(status, contentType, body, fields, Optional.empty(), true, Optional.empty());
  }

  Optional<Consumer<HttpServerResponse>> writer() {
    return writer;
  }

  boolean isLasting() {
    return isLasting;
  }

  /** What was laid out of a lasting reply. */
  MultiMap laidOut(Function<Reply, MultiMap> layOut) {
    MultiMap fields = laidOut;
    if (fields == null) {
      fields = layOut.apply(this);
      laidOut = fields;
    }
    return fields;
  }

  public int status() {
    return status;
  }

  String contentType() {
    return contentType;
  }

  Buffer body() {
    return body;
  }

  public Map<String, String> fields() {
    return fields;
  }

  public Optional<SetCookie> cookie() {
    return cookie;
  }
}
