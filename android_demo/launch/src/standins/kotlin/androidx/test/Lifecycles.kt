package androidx.test.runner.lifecycle

/** Steps of an application's life. */
enum class ApplicationStage {
    PRE_ON_CREATE,
    CREATED,
}

/** Steps of an activity's life. */
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

/** Told of each step of an activity's life. */
interface ActivityLifecycleMonitor

/** Told who watches activities. */
object ActivityLifecycleMonitorRegistry {
    @JvmStatic fun registerInstance(monitor: ActivityLifecycleMonitor?) = Unit
}

/** Told of each step of the application's life. */
interface ApplicationLifecycleMonitor

/** Told who watches the application. */
object ApplicationLifecycleMonitorRegistry {
    @JvmStatic fun registerInstance(monitor: ApplicationLifecycleMonitor?) = Unit
}
