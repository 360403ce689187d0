import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.tensorflow.lite.support.metadata.MetadataExtractor;
import org.tensorflow.lite.support.metadata.schema.ImageProperties;
import org.tensorflow.lite.support.metadata.schema.ModelMetadata;
import org.tensorflow.lite.support.metadata.schema.NormalizationOptions;
import org.tensorflow.lite.support.metadata.schema.TensorMetadata;

/**
 * Prints the standard metadata of a model, as TensorFlow Lite's own reader finds it.
 *
 * <p>{@code java ReadMetadata.java MODEL}: a line {@code KEY=VALUE} for each entry.
 */
public final class ReadMetadata {
  private static final PrintStream OUT = new PrintStream(System.out, true, StandardCharsets.UTF_8);

  public static void main(String[] arguments) throws Exception {
    ByteBuffer model = ByteBuffer.wrap(Files.readAllBytes(Path.of(arguments[0])));
    MetadataExtractor extractor = new MetadataExtractor(model);
    ModelMetadata metadata = extractor.getModelMetadata();
    print("current", extractor.isMinimumParserVersionSatisfied());
    print("name", metadata.name());
    print("description", metadata.description());
    print("version", metadata.version());
    print("author", metadata.author());
    print("license", metadata.license());
    print("inputs", extractor.getInputTensorCount());
    print("outputs", extractor.getOutputTensorCount());
    tensor("input", extractor.getInputTensorMetadata(0));
    tensor("output", extractor.getOutputTensorMetadata(0));
  }

  private static void tensor(String side, TensorMetadata tensor) {
    print(side + ".name", tensor.name());
    print(side + ".description", tensor.description());
    ImageProperties image =
        (ImageProperties) tensor.content().contentProperties(new ImageProperties());
    print(side + ".content", tensor.content().contentPropertiesType());
    print(side + ".color", image.colorSpace());
    print(side + ".size", image.defaultSize().width() + "x" + image.defaultSize().height());
    print(side + ".units", tensor.processUnitsLength());
    print(side + ".unit", tensor.processUnits(0).optionsType());
    NormalizationOptions options =
        (NormalizationOptions) tensor.processUnits(0).options(new NormalizationOptions());
    print(side + ".mean", options.mean(0));
    print(side + ".std", options.std(0));
    print(side + ".range", tensor.stats().min(0) + " to " + tensor.stats().max(0));
  }

  private static void print(String key, Object value) {
    OUT.println(key + "=" + value);
  }
}
