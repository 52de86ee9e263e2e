import com.google.googlejavaformat.java.Main;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Runs google-java-format over every Java file below a folder: {@code check} or {@code write}. */
final class Format {
  public static void main(String[] args) throws Exception {
    boolean write = args[0].equals("write");
    List<String> command = new ArrayList<>();
    if (write) {
      command.add("--replace");
    } else {
      command.add("--dry-run");
      command.add("--set-exit-if-changed");
    }
    command.addAll(javaFilesBelow(Path.of(args[1])));
    PrintWriter out = new PrintWriter(System.out, true);
    PrintWriter err = new PrintWriter(System.err, true);
    int changed = new Main(out, err, System.in).format(command.toArray(String[]::new));
    if (changed != 0 && !write) {
      err.println("The files above are not formatted; mend: mvn process-sources exec:exec@format");
    }
    System.exit(changed);
  }

  private static List<String> javaFilesBelow(Path root) throws IOException {
    try (var files = Files.walk(root)) {
      return files.map(Path::toString).filter(f -> f.endsWith(".java")).sorted().toList();
    }
  }

  private Format() {}
}
