import com.sun.jna.Memory;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Runs a .tflite file on the JVM through LiteRT's C API.
 *
 * <p>Arguments: libLiteRt.so, the model, a file of little-endian float32 images of the model's size
 * one after the other, a file for the outputs, and the images' number, height and width.
 */
public final class RunModel {
  private static final int CPU = 1;
  private static final int FLOAT32 = 1;
  private static final int READ = 0;
  private static final int WRITE = 1;
  private static final int TYPE_BYTES = 72;

  private static NativeLibrary litert;

  public static void main(String[] arguments) throws Exception {
    litert = NativeLibrary.getInstance(arguments[0]);
    byte[] images = Files.readAllBytes(Path.of(arguments[2]));
    int count = Integer.parseInt(arguments[4]);
    int height = Integer.parseInt(arguments[5]);
    int width = Integer.parseInt(arguments[6]);
    int bytes = images.length / count;

    Pointer environment = create("LiteRtCreateEnvironment", 0, null);
    Pointer model = create("LiteRtCreateModelFromFile", environment, arguments[1]);
    Pointer options = create("LiteRtCreateOptions");
    call("LiteRtSetOptionsHardwareAccelerators", options, CPU);
    Pointer compiled = create("LiteRtCreateCompiledModel", environment, model, options);
    Pointer input = buffer("Input", environment, compiled, height, width);
    Pointer output = buffer("Output", environment, compiled, height, width);

    byte[] results = new byte[images.length];
    for (int i = 0; i < count; i++) {
      lock(input, WRITE).write(0, images, i * bytes, bytes);
      call("LiteRtUnlockTensorBuffer", input);
      Object[] run = {compiled, 0L, 1L, array(input), 1L, array(output)};
      call("LiteRtRunCompiledModel", run);
      lock(output, READ).read(0, results, i * bytes, bytes);
      call("LiteRtUnlockTensorBuffer", output);
    }
    Files.write(Path.of(arguments[3]), results);
  }

  /** Makes the buffer that the model wants for its only input or output. */
  private static Pointer buffer(
      String side, Pointer environment, Pointer compiled, int height, int width) {
    String requirements = "LiteRtGetCompiledModel" + side + "BufferRequirements";
    return create(
        "LiteRtCreateManagedTensorBufferFromRequirements",
        environment,
        imageType(height, width),
        create(requirements, compiled, 0L, 0L));
  }

  /** LiteRtRankedTensorType: element type, rank, eight dimensions and eight strides, 32 bit each. */
  private static Memory imageType(int height, int width) {
    Memory type = new Memory(TYPE_BYTES);
    type.clear();
    type.write(0, new int[] {FLOAT32, 4, 1, height, width, 3}, 0, 6);
    return type;
  }

  private static Memory array(Pointer element) {
    Memory array = new Memory(8);
    array.setPointer(0, element);
    return array;
  }

  private static Pointer lock(Pointer buffer, int mode) {
    PointerByReference address = new PointerByReference();
    call("LiteRtLockTensorBuffer", buffer, address, mode);
    return address.getValue();
  }

  /** Calls a function whose last parameter receives what it makes. */
  private static Pointer create(String function, Object... arguments) {
    PointerByReference made = new PointerByReference();
    Object[] all = java.util.Arrays.copyOf(arguments, arguments.length + 1);
    all[arguments.length] = made;
    call(function, all);
    return made.getValue();
  }

  private static void call(String function, Object... arguments) {
    int status = litert.getFunction(function).invokeInt(arguments);
    if (status != 0) {
      throw new IllegalStateException(function + " failed with status " + status);
    }
  }
}
