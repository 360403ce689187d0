package org.kerasf2a.demo

import android.net.Uri
import org.kerasf2a.core.Generator
import org.kerasf2a.core.Monitor
import org.kerasf2a.core.PhotoError
import org.kerasf2a.demo.photo.PhotoDecoder
import org.kerasf2a.demo.photo.PhotoSaver
import org.kerasf2a.demo.photo.PhotoStore
import org.kerasf2a.demo.photo.PhotoWriter
import org.kerasf2a.demo.photo.freePixelMemory
import java.io.File

/**
 * One photograph and the work on it. A session survives a rotation of the screen. After the process
 * was killed, [resume] restores a new session from the app's copy of the photograph.
 *
 * Call all functions on the main thread. None of them blocks it.
 */
class CorrectionSession(private val app: DemoApplication) {
    private val worker = Worker()
    private val store = PhotoStore(app)
    private val saver = PhotoSaver(app)
    private val writer = PhotoWriter { app.cacheDir }
    private val task = CorrectionTask(PhotoDecoder { freePixelMemory(app) }, writer)

    // Only for the worker's thread.
    private var generator: Generator? = null

    private var opened: OpenedPhoto? = null
    private var job: Job? = null
    private var documentToSave: Uri? = null
    private var adjustment = Adjustment()
    private var previewIsBusy = false

    private var lastSaved: Pair<Adjustment, Uri>? = null

    /** The last saved file; null if the adjustment has changed since. */
    val saved: Uri?
        get() = lastSaved?.takeIf { it.first == adjustment }?.second

    /** The current content of the screen. */
    var state = ScreenState()
        private set(value) {
            field = value
            listener?.invoke(value)
        }

    /** Receives every new state. */
    var listener: ((ScreenState) -> Unit)? = null

    /** Opens a photograph from another app, replacing the current one. */
    fun open(uri: Uri) = openFile { monitor -> store.import(uri, monitor) }

    /** Whether there is a photograph that [resume] could reopen, or one is being opened. */
    val hasPhotograph: Boolean
        get() = opened != null || state.work?.kind == Work.Kind.OPENING

    /** Reopens the photograph that was open when the process was killed. */
    fun resume() = openFile { store.current ?: throw PhotoError.Unreadable() }

    /** Deletes the photograph of an earlier launch of the app, and unfinished results. */
    fun forget() {
        worker.run({
            store.clear()
            writer.clear()
        }) {}
    }

    /** Changes how the preview is corrected. */
    fun adjust(value: Adjustment) {
        if (value == adjustment) return
        adjustment = value
        updatePreview()
    }

    /** Saves the photograph at full size, in the gallery or in a document that the user chose. */
    fun save(document: Uri? = null) {
        val photo = opened
        if (photo == null) {
            documentToSave = document // Chosen before the process was killed; saved once open.
            if (job == null) giveUpDocument()
            return
        }
        val requested = adjustment
        documentToSave = document // Until it contains the photograph.
        begin(Work.Kind.SAVING, { monitor -> write(photo, requested, document, monitor) }) { notice ->
            documentToSave = null
            lastSaved = Pair(requested, notice.uri)
            state = state.copy(notice = notice)
        }
    }

    /** Returns the file name to suggest for the result. */
    fun resultName(): String = PhotoSaver.resultName(opened?.stored?.file?.name.orEmpty())

    /** Whether [save] works without a document. */
    val savesToGallery: Boolean
        get() = saver.hasGallery

    /** Cancels the task that keeps the user waiting. */
    fun cancel() {
        job?.cancel()
    }

    /** Stops all tasks and closes the network. The session cannot be used afterward. */
    fun close() {
        listener = null
        cancel()
        giveUpDocument()
        // What still runs ends without starting anything else.
        job = null
        opened = null
        worker.finish { generator?.close() }
    }

    private fun openFile(find: (Monitor) -> File) {
        cancel()
        giveUpDocument()
        opened = null // Its file is about to be replaced.
        lastSaved = null
        state = ScreenState()
        val requested = adjustment
        val open = { monitor: Monitor ->
            val generator = loadedGenerator()
            val photo = task.open(find(monitor), generator, requested, previewSide(), monitor)
            Pair(photo, photo.render(requested))
        }
        begin(Work.Kind.OPENING, open) { (photo, rendered) ->
            opened = photo
            state = state.copy(photo = rendered)
            if (adjustment != requested) updatePreview()
            documentToSave?.let { save(it) }
        }
    }

    private fun <Value> begin(kind: Work.Kind, work: (Monitor) -> Value, use: (Value) -> Unit) {
        lateinit var thisJob: Job
        val progress = { fraction: Float ->
            if (job === thisJob) state = state.copy(work = Work(kind, fraction))
        }
        thisJob = worker.run(work, progress) { outcome ->
            if (job === thisJob) { // Otherwise another photograph has replaced it.
                job = null
                state = state.copy(work = null, notice = noticeOf(outcome))
                if (outcome is Outcome.Done) use(outcome.value) else giveUpDocument()
            }
        }
        job = thisJob
        state = state.copy(work = Work(kind, 0f), notice = null)
    }

    /** Deletes the document that was chosen for a photograph that will not be saved. */
    private fun giveUpDocument() {
        val document = documentToSave ?: return
        documentToSave = null
        worker.run({ saver.giveUp(document) }) {}
    }

    private fun noticeOf(outcome: Outcome<*>): Notice? = when (outcome) {
        is Outcome.Done -> null
        is Outcome.Failed -> Notice.Failed(outcome.error)
        Outcome.Cancelled -> Notice.Cancelled
    }

    /** Shows the preview with the latest adjustment, skipping intermediate ones. */
    private fun updatePreview() {
        val photo = opened ?: return
        if (previewIsBusy) return
        previewIsBusy = true
        val requested = adjustment
        worker.run({ photo.render(requested) }) { outcome ->
            previewIsBusy = false
            if (opened === photo) {
                when (outcome) {
                    is Outcome.Done -> state = state.copy(photo = outcome.value)
                    is Outcome.Failed -> state = state.copy(notice = noticeOf(outcome))
                    Outcome.Cancelled -> Unit
                }
            }
            if (adjustment != requested || opened !== photo) updatePreview()
        }
    }

    private fun write(
        photo: OpenedPhoto,
        adjustment: Adjustment,
        document: Uri?,
        monitor: Monitor,
    ): Notice.Saved {
        val name = PhotoSaver.resultName(photo.stored.file.name)
        val written = task.write(photo, adjustment, monitor)
        val file = written.file
        try {
            val uri = document ?: saver.addToGallery(file, name, monitor)
            if (document != null) saver.writeDocument(file, document, monitor)
            monitor.progress(1f)
            val inGallery = document == null
            return Notice.Saved(uri, saver.nameOf(uri, name), inGallery, written.leftOut)
        } finally {
            file.delete()
        }
    }

    private fun loadedGenerator(): Generator = generator ?: app.loadGenerator().also { generator = it }

    private fun previewSide(): Int {
        val screen = app.resources.displayMetrics
        return maxOf(screen.widthPixels, screen.heightPixels) * 3 / 4
    }
}
