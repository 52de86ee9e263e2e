package org.symbolon.campaign;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/** A file a campaign and node, {@code campaign.node.jsonl}, in one folder of this node's disk. */
public final class EvidenceFiles implements Evidence {
  private final Path folder;
  private final String node;

  private EvidenceFiles(Path folder, String node) {
    this.folder = folder;
    this.node = node;
  }

  /**
   * Opens a folder, and makes it where it is missing.
   *
   * @throws IOException where nothing can be written there
   */
  public static EvidenceFiles open(Path folder, String node) throws IOException {
    Files.createDirectories(folder);
    if (!Files.isWritable(folder)) {
      throw new IOException(folder + " can't be written");
    }
    return new EvidenceFiles(folder, node);
  }

  @Override
  public void append(String campaign, List<String> lines) throws IOException {
    Path file = file(campaign);
    if (!Files.exists(file)) {
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }
    ByteBuffer bytes =
        ByteBuffer.wrap((String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8));
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.APPEND)) {
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(false);
    }
  }

  @Override
  public String place(String campaign) {
    return file(campaign).toString();
  }

  private Path file(String campaign) {
    return folder.resolve(campaign + "." + node + ".jsonl");
  }
}
