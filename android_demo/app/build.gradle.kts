import java.security.MessageDigest
import java.util.Properties

plugins {
    // Includes Kotlin. Since version 9, applying the Kotlin plugin too is an error.
    alias(libs.plugins.android.application)
}

android {
    namespace = "org.kerasf2a.demo"
    compileSdk = 36

    defaultConfig {
        applicationId = "org.kerasf2a.demo"
        minSdk = 24
        targetSdk = 36
        versionCode = 1
        versionName = "1.0"
        // Phones, and the emulator on a PC. LiteRT would add the ABIs of old phones too.
        ndk { abiFilters += listOf("arm64-v8a", "x86_64") }
    }

    buildTypes {
        release {
            isMinifyEnabled = true
            isShrinkResources = true
            proguardFiles(
                getDefaultProguardFile("proguard-android-optimize.txt"),
                "proguard-rules.pro",
            )
        }
    }

    compileOptions {
        sourceCompatibility = JavaVersion.VERSION_17
        targetCompatibility = JavaVersion.VERSION_17
    }

    androidResources {
        // Only an uncompressed file can be memory-mapped.
        noCompress += "tflite"
        generateLocaleConfig = true
    }
}

dependencies {
    implementation(libs.litert)
    implementation(libs.litert.gpu)
    implementation(libs.litert.gpu.api)
    testImplementation(libs.junit)
}

/** Fails with instructions unless the networks in the assets are those that were exported. */
abstract class CheckModel : DefaultTask() {
    @get:InputFiles abstract val networks: ConfigurableFileCollection

    @get:InputFiles abstract val expected: ConfigurableFileCollection

    @TaskAction
    fun check() {
        val problem = problem() ?: return
        throw GradleException("$problem; run: python -m export --android (see README.md)")
    }

    private fun problem(): String? {
        val properties = Properties()
        val description = expected.singleFile
        if (!description.isFile) return "model.properties is missing"
        description.inputStream().use { properties.load(it) }
        return networks.files.mapNotNull { problemOf(it, properties) }.firstOrNull()
    }

    /**
     * Returns what is wrong with a network's file: missing, changed, or present without being
     * exported.
     */
    private fun problemOf(file: File, properties: Properties): String? {
        val digest = properties.getProperty(DIGESTS.getValue(file.name))
        if (digest == null && !file.exists() && file.name != MODEL) return null
        if (!file.isFile) return "${file.name} is missing"
        val bytes = MessageDigest.getInstance("SHA-256").digest(file.readBytes())
        val actual = bytes.joinToString("") { "%02x".format(it) }
        return if (actual == digest) null else "${file.name} is not what was exported"
    }

    companion object {
        const val MODEL = "model.tflite"

        /** The keys of each network's digest in `model.properties`. */
        val DIGESTS =
            mapOf(
                MODEL to "sha256",
                "sibling.tflite" to "sibling_sha256",
                "faces.tflite" to "faces_sha256",
            )
    }
}

val checkModel =
    tasks.register<CheckModel>("checkModel") {
        val assets = layout.projectDirectory.dir("src/main/assets")
        CheckModel.DIGESTS.keys.forEach { networks.from(assets.file(it)) }
        expected.from(rootProject.layout.projectDirectory.file("model.properties"))
    }

tasks.named("preBuild") { dependsOn(checkModel) }
