package org.symbolon.http.gateway;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The strings, bytes and messages in a protobuf message, by field number; all else is skipped. */
final class ProtoFields {
  private final Map<Integer, List<ByteString>> values = new HashMap<>();

  static ProtoFields of(ByteString message) throws IOException {
    ProtoFields fields = new ProtoFields();
    CodedInputStream in = message.newCodedInput();
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED) {
        fields
            .values
            .computeIfAbsent(WireFormat.getTagFieldNumber(tag), _ -> new ArrayList<>())
            .add(in.readBytes());
      } else {
        in.skipField(tag);
      }
    }
    return fields;
  }

  List<ByteString> all(int number) {
    return values.getOrDefault(number, List.of());
  }

  /** The last value, which is the one that counts; empty without one, as protobuf has it. */
  private ByteString last(int number) {
    List<ByteString> all = all(number);
    return all.isEmpty() ? ByteString.EMPTY : all.getLast();
  }

  ProtoFields message(int number) throws IOException {
    return of(last(number));
  }

  String text(int number) throws IOException {
    ByteString bytes = last(number);
    if (!bytes.isValidUtf8()) {
      throw new IOException("field " + number + ": not UTF-8");
    }
    return bytes.toStringUtf8();
  }
}
