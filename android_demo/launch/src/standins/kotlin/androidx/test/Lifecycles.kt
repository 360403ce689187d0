package androidx.test.runner.lifecycle

/** Stages of an application's lifecycle. */
enum class ApplicationStage {
    PRE_ON_CREATE,
    CREATED,
}

/** Stages of an activity's lifecycle. */
enum class Stage {
    PRE_ON_CREATE,
    CREATED,
    STARTED,
    RESUMED,
    PAUSED,
    STOPPED,
    RESTARTED,
    DESTROYED,
}

/** Is told of each stage of an activity's lifecycle. */
interface ActivityLifecycleMonitor

/** Is told who watches activities. */
object ActivityLifecycleMonitorRegistry {
    @JvmStatic fun registerInstance(monitor: ActivityLifecycleMonitor?) = Unit
}

/** Is told of each stage of the application's lifecycle. */
interface ApplicationLifecycleMonitor

/** Is told who watches the application. */
object ApplicationLifecycleMonitorRegistry {
    @JvmStatic fun registerInstance(monitor: ApplicationLifecycleMonitor?) = Unit
}
