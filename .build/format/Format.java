import com.google.googlejavaformat.java.Main;

/// Runs google-java-format over every Java file below a directory, except build output and hidden
/// folders.
///
///     java -cp google-java-format-all-deps.jar Format.java --check|--replace <directory>
///
/// `--check` names the files that would change and exits with 1 if there are any.
void main(String[] args) throws Exception {
  boolean replace =
      switch (args[0]) {
        case "--check" -> false;
        case "--replace" -> true;
        default -> throw new IllegalArgumentException("neither --check nor --replace: " + args[0]);
      };
  List<String> command = new ArrayList<>();
  command.addAll(replace ? List.of("--replace") : List.of("--dry-run", "--set-exit-if-changed"));
  Path root = Path.of(args[1]);
  List<String> sources = sources(root);
  if (sources.isEmpty()) {
    return;
  }
  command.addAll(sources);

  var changed = new StringWriter();
  var formatter = new Main(new PrintWriter(changed), new PrintWriter(System.err, true), System.in);
  int status = formatter.format(command.toArray(String[]::new));
  if (status == 0) {
    IO.println("%d Java files formatted".formatted(sources.size()));
    return;
  }
  changed
      .toString()
      .lines()
      .forEach(file -> System.err.println("not formatted: " + root.relativize(Path.of(file))));
  System.err.println("to format them: mvn -Pformat process-sources");
  System.exit(status);
}

List<String> sources(Path root) throws IOException {
  List<String> sources = new ArrayList<>();
  Files.walkFileTree(
      root,
      new SimpleFileVisitor<>() {
        @Override
        public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes attributes) {
          String name = dir.getFileName().toString();
          boolean skip = !dir.equals(root) && (name.equals("target") || name.startsWith("."));
          return skip ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
          if (file.toString().endsWith(".java")) {
            sources.add(file.toString());
          }
          return FileVisitResult.CONTINUE;
        }
      });
  return sources;
}
