import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.tensorflow.Result;
import org.tensorflow.SavedModelBundle;
import org.tensorflow.SessionFunction;
import org.tensorflow.exceptions.TFInvalidArgumentException;
import org.tensorflow.ndarray.NdArray;
import org.tensorflow.ndarray.NdArrays;
import org.tensorflow.types.TString;

/**
 * Answers requests with a SavedModel in TensorFlow's Java runtime, as a server on the JVM would.
 *
 * <p>{@code java ServeModel.java MODEL REQUESTS REPLIES}: each folder in REQUESTS is one request,
 * its files in the order of their names the batch. They are answered one after the other, then all
 * at once, each in a thread of its own. REPLIES/serial/REQUEST and REPLIES/at_once/REQUEST get the
 * corrected photographs under the files' names, or {@code error.txt} with the model's words.
 */
public final class ServeModel {
  private final SessionFunction model;

  private ServeModel(SessionFunction model) {
    this.model = model;
  }

  public static void main(String[] arguments) throws Exception {
    Path replies = Path.of(arguments[2]);
    try (SavedModelBundle bundle = SavedModelBundle.load(arguments[0], "serve")) {
      ServeModel server = new ServeModel(bundle.function("serving_default"));
      List<Path> requests = sorted(Path.of(arguments[1]));
      for (Path request : requests) {
        server.answer(request, replies.resolve("serial"));
      }
      server.answerAtOnce(requests, replies.resolve("at_once"));
    }
  }

  private void answerAtOnce(List<Path> requests, Path replies) throws Exception {
    CyclicBarrier start = new CyclicBarrier(requests.size());
    ExecutorService threads = Executors.newFixedThreadPool(requests.size());
    try {
      List<Callable<Void>> calls = new ArrayList<>();
      for (Path request : requests) {
        calls.add(
            () -> {
              start.await();
              answer(request, replies);
              return null;
            });
      }
      for (Future<Void> call : threads.invokeAll(calls)) {
        call.get();
      }
    } finally {
      threads.shutdown();
    }
  }

  private void answer(Path request, Path replies) throws IOException {
    List<Path> files = sorted(request);
    Path folder = Files.createDirectories(replies.resolve(request.getFileName()));
    byte[][] photographs = new byte[files.size()][];
    for (int i = 0; i < photographs.length; i++) {
      photographs[i] = Files.readAllBytes(files.get(i));
    }
    try (TString batch = TString.tensorOfBytes(NdArrays.vectorOfObjects(photographs));
        Result result = model.call(Map.of("image_bytes", batch))) {
      NdArray<byte[]> corrected = ((TString) result.get("ambient_bytes").orElseThrow()).asBytes();
      for (int i = 0; i < photographs.length; i++) {
        Files.write(folder.resolve(files.get(i).getFileName()), corrected.getObject(i));
      }
    } catch (TFInvalidArgumentException error) {
      Files.writeString(folder.resolve("error.txt"), error.getMessage());
    }
  }

  private static List<Path> sorted(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.sorted().toList();
    }
  }
}
