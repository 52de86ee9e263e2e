package org.symbolon;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.conditions.ArchConditions.onlyDependOnClassesThat;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds the table of who may import whom. */
class ImportTableTest {
  private static final String ROOT = "org.symbolon.";

  /** What every package may use beside its own row: the JDK, nullness marks, the logging facade. */
  private static final List<String> EVERYONE = List.of("java..", "javax..", "org.jspecify..");

  private static final String LOG = "org.slf4j..";
  private static final String JACKSON = "com.fasterxml.jackson..";

  private static final Map<String, List<String>> MAY_IMPORT =
      Map.ofEntries(
          Map.entry("config", List.of("org.snakeyaml.engine..", LOG)),
          Map.entry("audit", List.of("org.symbolon.session", LOG)),
          Map.entry("session", List.of()),
          Map.entry("campaign", List.of("org.symbolon.session", LOG)),
          Map.entry(
              "events", List.of("org.symbolon.session", "org.symbolon.campaign", JACKSON, LOG)),
          Map.entry(
              "token",
              List.of("org.symbolon.session", "org.symbolon.events", "com.nimbusds..", LOG)),
          Map.entry("proof", List.of("org.symbolon.session", "com.nimbusds..", LOG)),
          Map.entry(
              "redis",
              List.of(
                  "org.symbolon.session",
                  "org.symbolon.campaign",
                  "org.symbolon.events",
                  "io.lettuce..",
                  "io.netty..",
                  "redis.embedded..",
                  LOG)),
          Map.entry(
              "http",
              List.of(
                  "org.symbolon.session",
                  "org.symbolon.campaign",
                  "org.symbolon.events",
                  "io.vertx..",
                  "io.netty..",
                  "com.google.protobuf..",
                  JACKSON,
                  LOG)),
          Map.entry(
              "telemetry",
              List.of(
                  "org.symbolon.session",
                  "io.micrometer..",
                  "io.prometheus..",
                  JACKSON,
                  "ch.qos.logback..",
                  "co.elastic..",
                  LOG)),
          Map.entry("geo", List.of("com.maxmind.db..")),
          Map.entry("nearcache", List.of("org.symbolon.session")),
          Map.entry(
              "cli",
              List.of("org.symbolon.config", "org.symbolon.audit", "picocli..", JACKSON, LOG)));

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .withImportOption(location -> !location.contains("/test-classes/"))
          .importPackages("org.symbolon");

  static List<String> packages() {
    return new ArrayList<>(new TreeSet<>(MAY_IMPORT.keySet()));
  }

  @ParameterizedTest
  @MethodSource("packages")
  void importsNothingBeyondItsRow(String name) {
    List<String> allowed = new ArrayList<>(EVERYONE);
    allowed.add(ROOT + name + "..");
    allowed.addAll(MAY_IMPORT.getOrDefault(name, List.of()));
    classes()
        .that()
        .resideInAPackage(ROOT + name + "..")
        .should(onlyDependOnClassesThat(resideInAnyPackage(allowed.toArray(String[]::new))))
        .allowEmptyShould(true)
        .check(CLASSES);
  }

  @Test
  void everyPackageHasARow() {
    TreeSet<String> found = new TreeSet<>();
    for (JavaClass type : CLASSES) {
      String name = type.getPackageName();
      if (name.startsWith(ROOT)) {
        found.add(name.substring(ROOT.length()).replaceFirst("\\..*", ""));
      }
    }
    assertThat(MAY_IMPORT.keySet()).containsAll(found);
  }

  @Test
  void nobodyImportsTheRoot() {
    noClasses()
        .that()
        .resideOutsideOfPackage("org.symbolon")
        .should()
        .dependOnClassesThat(resideInAPackage("org.symbolon"))
        .check(CLASSES);
  }
}
