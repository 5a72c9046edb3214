package io.adaspec.harness;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnitAccess;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.net.URI;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The house rules on who may know whom, over the production classes of all modules. Each rule
/// carries a violation, compiled here, that it has to catch.
class ArchitectureTest {
  private static final String CLOCK = "io.adaspec.engine.Clock";

  private static final JavaClasses PRODUCTION =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .withImportOption(location -> !location.contains("-tests.jar"))
          .importPackages("io.adaspec");

  /// A rule and the sources of a program that breaks it.
  record HouseRule(String name, ArchRule rule, String... violation) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<HouseRule> rules() {
    return Stream.of(
        new HouseRule(
            "workloads know no other module",
            dependOnlyOn("workload..").rule(),
            "package io.adaspec.engine; public class Engine {}",
            "package io.adaspec.workload; class Bad { io.adaspec.engine.Engine engine; }"),
        new HouseRule(
            "the engine knows no other module",
            dependOnlyOn("engine..").rule(),
            "package io.adaspec.workload; public class Trace {}",
            "package io.adaspec.engine; class Bad { io.adaspec.workload.Trace trace; }"),
        new HouseRule(
            "baselines know the engine only",
            dependOnlyOn("baselines..", "engine..").rule(),
            "package io.adaspec.harness.run; public class Run {}",
            "package io.adaspec.baselines; class Bad { io.adaspec.harness.run.Run run; }"),
        new HouseRule(
            "requests know nothing of the engine",
            dependOnlyOn("engine.request..").rule(),
            "package io.adaspec.engine.kv; public class BlockManager {}",
            "package io.adaspec.engine.request; class Bad { io.adaspec.engine.kv.BlockManager kv;"
                + " }"),
        new HouseRule(
            "models know nothing of the engine",
            dependOnlyOn("engine.model..").rule(),
            "package io.adaspec.engine.exec; public class Executor {}",
            "package io.adaspec.engine.model; class Bad { io.adaspec.engine.exec.Executor exec; }"),
        new HouseRule(
            "KV accounting knows requests only",
            dependOnlyOn("engine.kv..", "engine.request..").rule(),
            "package io.adaspec.engine.spec; public class Proposal {}",
            "package io.adaspec.engine.kv; class Bad { io.adaspec.engine.spec.Proposal proposal;"
                + " }"),
        new HouseRule(
            "speculation knows requests only",
            dependOnlyOn("engine.spec..", "engine.request..").rule(),
            "package io.adaspec.engine.kv; public class BlockManager {}",
            "package io.adaspec.engine.spec; class Bad { io.adaspec.engine.kv.BlockManager kv; }"),
        new HouseRule(
            "the scheduler knows neither executors nor the step loop",
            dependOnlyOn("engine.sched..", "engine.kv..", "engine.spec..", "engine.request..")
                .rule(),
            "package io.adaspec.engine.exec; public class Executor {}",
            "package io.adaspec.engine.sched; class Bad { io.adaspec.engine.exec.Executor exec; }"),
        new HouseRule(
            "executors know nothing of the step loop but its clock",
            dependOnlyOn(
                    "engine.exec..",
                    "engine.model..",
                    "engine.sched..",
                    "engine.kv..",
                    "engine.spec..",
                    "engine.request..")
                .orOn(assignableTo(CLOCK))
                .rule(),
            "package io.adaspec.engine; public class Engine {}",
            "package io.adaspec.engine.exec; class Bad { io.adaspec.engine.Engine engine; }"),
        new HouseRule(
            "GPU models know what a simulated device is, and nothing of what runs on it",
            dependOnlyOn(
                    "harness.sim.gpu..", "harness.sim", "engine", "engine.sched", "engine.spec")
                .rule(),
            "package io.adaspec.harness.run; public class Run {}",
            "package io.adaspec.harness.sim.gpu; class Bad { io.adaspec.harness.run.Run run; }"),
        new HouseRule(
            "nobody names AdaSpec's policy",
            onlyIn("io.adaspec.engine.spec.adaspec..", "io.adaspec.engine.spec.adaspec.."),
            "package io.adaspec.engine.spec.adaspec; public class AdaSpecPolicy {}",
            "package io.adaspec.harness.run; class Bad {"
                + " io.adaspec.engine.spec.adaspec.AdaSpecPolicy p; }"),
        new HouseRule(
            "nobody names a baseline policy",
            onlyIn("io.adaspec.baselines..", "io.adaspec.baselines.."),
            "package io.adaspec.baselines; public class FixedLength {}",
            "package io.adaspec.harness.run; class Bad { io.adaspec.baselines.FixedLength p; }"),
        new HouseRule(
            "DJL stays in its executor and the tokenizer",
            noClasses()
                .that(
                    not(
                        resideInAPackage("io.adaspec.engine.exec.djl..")
                            .or(
                                resideInAPackage("io.adaspec.engine.model")
                                    .and(nameContains("Tokenizer")))))
                .should()
                .dependOnClassesThat()
                .resideInAPackage("ai.djl.."),
            "package io.adaspec.engine.model; class Tokenizer { ai.djl.Device allowed; }",
            "package io.adaspec.engine.model; class Checkpoint { ai.djl.Device device; }"),
        new HouseRule(
            "Jinja stays in the chat templates",
            noClasses()
                .that(not(nameContains("ChatTemplate")))
                .should()
                .dependOnClassesThat()
                .resideInAPackage("com.hubspot.."),
            "package io.adaspec.engine.model; class Bad { com.hubspot.jinjava.Jinjava jinja; }"),
        new HouseRule(
            "Arrow stays in the records",
            onlyIn("io.adaspec.harness.record..", "org.apache.arrow.."),
            "package io.adaspec.harness.report; class Bad { org.apache.arrow.vector.IntVector v;"
                + " }"),
        new HouseRule(
            "HTTP stays in the targets and the model store",
            noClasses()
                .that()
                .resideOutsideOfPackages(
                    "io.adaspec.harness.target..", "io.adaspec.harness.model..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.net.http..", "com.sun.net.httpserver.."),
            "package io.adaspec.harness.run; class Bad { java.net.http.HttpClient client; }"),
        new HouseRule(
            "only clocks read the time",
            noClasses().that(not(assignableTo(CLOCK))).should(readTheTime()),
            "package io.adaspec.engine; interface Clock { long nanos(); }",
            "package io.adaspec.engine; class Allowed implements Clock { public long nanos() {"
                + " return System.nanoTime(); } }",
            "package io.adaspec.harness.run; class Bad { java.util.function.LongSupplier time ="
                + " System::nanoTime; }"),
        new HouseRule(
            "static fields are final",
            fields().that().areStatic().should().beFinal(),
            "package io.adaspec.workload; class Bad { static int count; }"),
        new HouseRule(
            "the engine prints and logs nothing",
            noClasses()
                .that()
                .resideInAPackage("io.adaspec.engine..")
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .orShould()
                .dependOnClassesThat()
                .resideInAPackage("java.util.logging.."),
            "package io.adaspec.engine.kv; class Bad { void f() { System.err.println(); } }"),
        new HouseRule(
            "packages form no cycle",
            slices().assignedFrom(packagesAndTheClock()).should().beFreeOfCycles(),
            "package io.adaspec.harness.run; public class A { io.adaspec.harness.sim.B b; }",
            "package io.adaspec.harness.sim; public class B { io.adaspec.harness.run.A a; }"));
  }

  @ParameterizedTest
  @MethodSource("rules")
  void productionCodeFollows(HouseRule rule) {
    rule.rule().allowEmptyShould(true).check(PRODUCTION);
  }

  @ParameterizedTest
  @MethodSource("rules")
  void violationIsCaught(HouseRule rule, @TempDir Path classes) {
    JavaClasses violation = compile(classes, rule.violation());
    assertThatThrownBy(() -> rule.rule().check(violation))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("Architecture Violation")
        .message()
        .doesNotContain("Allowed", "Tokenizer.allowed");
  }

  @ParameterizedTest
  @MethodSource("timeReads")
  void everyReadOfTheTimeIsCaught(String expression, @TempDir Path classes) {
    JavaClasses violation =
        compile(
            classes,
            "package io.adaspec.harness.cli; class Bad { Object f() { return %s; } }"
                .formatted(expression));
    ArchRule rule = noClasses().should(readTheTime());
    assertThatThrownBy(() -> rule.check(violation)).hasMessageContaining("Architecture Violation");
  }

  static Stream<String> timeReads() {
    return Stream.of(
        "System.nanoTime()",
        "System.currentTimeMillis()",
        "java.time.Instant.now()",
        "java.time.LocalDateTime.now()",
        "java.time.ZonedDateTime.now(java.time.ZoneOffset.UTC)",
        "java.time.Clock.systemUTC()",
        "java.time.InstantSource.system()",
        "new java.util.Date()",
        "java.util.Calendar.getInstance()");
  }

  @Test
  void onlyProductionClassesAreSeen() {
    assertThat(PRODUCTION.stream().map(c -> c.getSource().orElseThrow().getUri().toString()))
        .noneMatch(uri -> uri.contains("test-classes") || uri.contains("-tests.jar"));
  }

  /// The classes of `from`, a package below `io.adaspec`, and those of the project they may use.
  private record Direction(DescribedPredicate<JavaClass> from, DescribedPredicate<JavaClass> to) {
    Direction orOn(DescribedPredicate<JavaClass> more) {
      return new Direction(from, to.or(more));
    }

    ArchRule rule() {
      return classes().that(from).should().onlyDependOnClassesThat(to);
    }
  }

  private static Direction dependOnlyOn(String from, String... others) {
    String[] allowed =
        Stream.concat(Stream.of(from), Arrays.stream(others))
            .map(name -> "io.adaspec." + name)
            .toArray(String[]::new);
    return new Direction(
        resideInAPackage("io.adaspec." + from),
        resideOutsideOfPackage("io.adaspec..").or(resideInAnyPackage(allowed)));
  }

  private static ArchRule onlyIn(String home, String... packages) {
    return noClasses()
        .that()
        .resideOutsideOfPackage(home)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(packages);
  }

  private static DescribedPredicate<JavaClass> nameContains(String part) {
    return DescribedPredicate.describe("named *" + part + "*", c -> c.getName().contains(part));
  }

  private static ArchCondition<JavaClass> readTheTime() {
    return new ArchCondition<>("read the time") {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        // References such as System::nanoTime are among the accesses.
        for (JavaCodeUnitAccess<?> access : type.getCodeUnitAccessesFromSelf()) {
          if (readsTheTime(access.getTarget())) {
            events.add(SimpleConditionEvent.satisfied(type, access.getDescription()));
          }
        }
      }
    };
  }

  private static boolean readsTheTime(AccessTarget.CodeUnitAccessTarget target) {
    JavaClass owner = target.getOwner();
    String name = target.getName();
    return switch (owner.getName()) {
      case "java.lang.System" -> Set.of("nanoTime", "currentTimeMillis").contains(name);
      case "java.time.Clock", "java.time.InstantSource" ->
          name.startsWith("system") || name.startsWith("tick");
      case "java.util.Date" -> name.equals("<init>") && target.getRawParameterTypes().isEmpty();
      case "java.util.Calendar", "java.util.GregorianCalendar" ->
          name.equals("getInstance") || name.equals("<init>");
      default -> owner.getPackageName().startsWith("java.time") && name.equals("now");
    };
  }

  /// One slice per package; the clock, which the executors share with the step loop, is its own.
  private static SliceAssignment packagesAndTheClock() {
    return new SliceAssignment() {
      @Override
      public SliceIdentifier getIdentifierOf(JavaClass type) {
        if (!type.getPackageName().startsWith("io.adaspec")) {
          return SliceIdentifier.ignore();
        }
        return SliceIdentifier.of(type.isAssignableTo(CLOCK) ? CLOCK : type.getPackageName());
      }

      @Override
      public String getDescription() {
        return "the packages";
      }
    };
  }

  private static JavaClasses compile(Path classes, String... sources) {
    List<JavaFileObject> files = Arrays.stream(sources).map(ArchitectureTest::sourceFile).toList();
    List<String> options = List.of("-d", classes.toString(), "-proc:none");
    boolean compiled =
        ToolProvider.getSystemJavaCompiler().getTask(null, null, null, options, null, files).call();
    assertThat(compiled).isTrue();
    return new ClassFileImporter().importPath(classes);
  }

  private static JavaFileObject sourceFile(String source) {
    Matcher name = Pattern.compile("(?:class|interface) (\\w+)").matcher(source);
    assertThat(name.find()).isTrue();
    URI uri = URI.create("string:///" + name.group(1) + ".java");
    return new SimpleJavaFileObject(uri, JavaFileObject.Kind.SOURCE) {
      @Override
      public CharSequence getCharContent(boolean ignoreEncodingErrors) {
        return source;
      }
    };
  }
}
