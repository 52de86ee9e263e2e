package org.symbolon.telemetry;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.encoder.Encoder;
import co.elastic.logging.logback.EcsEncoder;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.LoggerFactory;

/** Sets up what is logged, and how; the only place that knows the logging library. */
public final class Logging {
  private static final int QUEUE = 8192;

  /**
   * Replaces what was set up before.
   *
   * @param level {@code error}, {@code warn}, {@code info} or {@code debug}
   * @param json true for JSON lines in the Elastic Common Schema, false for text
   */
  public static void configure(String level, boolean json) {
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    context.reset();
    Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    // The libraries' own talk stays at warn: their debug lines print commands and headers.
    root.setLevel(Level.WARN);
    context.getLogger("org.symbolon").setLevel(Level.toLevel(level));
    root.addAppender(
        detached(
            context,
            started(context, new ConsoleAppender<>(), json ? ecs(context) : text(context, TEXT))));
    Logger auditLogger = context.getLogger(AuditLines.LOGGER);
    auditLogger.setLevel(Level.INFO);
    auditLogger.setAdditive(false);
    auditLogger.addAppender(
        detached(context, started(context, new ConsoleAppender<>(), text(context, "%msg%n"))));
  }

  /** Lets what is waiting be written, for a second at most. */
  public static void flush() {
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(1);
    while (isWaiting(context) && System.nanoTime() < end) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
    }
    // The last line has left its queue and may be on its way to the file.
    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
  }

  private static boolean isWaiting(LoggerContext context) {
    for (String name : List.of(org.slf4j.Logger.ROOT_LOGGER_NAME, AuditLines.LOGGER)) {
      Iterator<Appender<ILoggingEvent>> appenders = context.getLogger(name).iteratorForAppenders();
      while (appenders.hasNext()) {
        if (appenders.next() instanceof AsyncAppender detached
            && detached.getNumberOfElementsInQueue() > 0) {
          return true;
        }
      }
    }
    return false;
  }

  /**
   * Writes on a thread of its own, and drops lines rather than let an event loop wait for whoever
   * reads them.
   */
  private static AsyncAppender detached(
      LoggerContext context, OutputStreamAppender<ILoggingEvent> appender) {
    AsyncAppender detached = new AsyncAppender();
    detached.setContext(context);
    detached.setQueueSize(QUEUE);
    detached.setDiscardingThreshold(0);
    detached.setNeverBlock(true);
    detached.addAppender(appender);
    detached.start();
    return detached;
  }

  private static final String TEXT = "%d{HH:mm:ss.SSS} %-5level %msg%n%xEx{short}";

  private static OutputStreamAppender<ILoggingEvent> started(
      LoggerContext context,
      OutputStreamAppender<ILoggingEvent> appender,
      Encoder<ILoggingEvent> encoder) {
    appender.setContext(context);
    appender.setEncoder(encoder);
    appender.start();
    return appender;
  }

  private static Encoder<ILoggingEvent> ecs(LoggerContext context) {
    EcsEncoder encoder = new EcsEncoder();
    encoder.setContext(context);
    encoder.setServiceName("symbolon");
    encoder.setEventDataset("symbolon.log");
    encoder.start();
    return encoder;
  }

  private static Encoder<ILoggingEvent> text(LoggerContext context, String pattern) {
    PatternLayoutEncoder encoder = new PatternLayoutEncoder();
    encoder.setContext(context);
    encoder.setPattern(pattern);
    encoder.start();
    return encoder;
  }

  private Logging() {}
}
