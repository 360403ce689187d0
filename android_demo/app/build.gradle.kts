import java.security.MessageDigest
import java.util.Properties

plugins {
    // Brings Kotlin with it: to apply the Kotlin plugin as well is an error since version 9.
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
        // Phones, and the emulator on a PC. LiteRT brings the processors of old phones too.
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
        // Only an uncompressed file can be mapped into memory.
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

/** Fails, and says what to do, unless the model in the assets is the one that was exported. */
abstract class CheckModel : DefaultTask() {
    @get:InputFiles abstract val model: ConfigurableFileCollection

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
        val file = model.singleFile
        if (!file.isFile) return "the model ${file.name} is missing"
        val digest = MessageDigest.getInstance("SHA-256").digest(file.readBytes())
        val actual = digest.joinToString("") { "%02x".format(it) }
        if (actual != properties.getProperty("sha256")) return "${file.name} is not what was exported"
        return null
    }
}

val checkModel =
    tasks.register<CheckModel>("checkModel") {
        model.from(layout.projectDirectory.file("src/main/assets/model.tflite"))
        expected.from(rootProject.layout.projectDirectory.file("model.properties"))
    }

tasks.named("preBuild") { dependsOn(checkModel) }
