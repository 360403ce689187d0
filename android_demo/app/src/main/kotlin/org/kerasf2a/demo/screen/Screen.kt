package org.kerasf2a.demo.screen

import android.content.res.Resources
import android.view.View
import android.widget.ProgressBar
import android.widget.TextView
import org.kerasf2a.demo.Adjustment
import org.kerasf2a.demo.Notice
import org.kerasf2a.demo.R
import org.kerasf2a.demo.ScreenState
import org.kerasf2a.demo.Summary
import org.kerasf2a.demo.Work
import org.kerasf2a.demo.describe
import org.kerasf2a.demo.photo.LeftOut

/** The views, which show a state and report the user's actions. */
class Screen(
    root: View,
    onOpen: () -> Unit,
    onSave: () -> Unit,
    onShare: () -> Unit,
    onCancel: () -> Unit,
    onAdjust: (Adjustment) -> Unit,
) {
    private val resources: Resources = root.resources
    private val comparison: BeforeAfterView = root.findViewById(R.id.comparison)
    private val hint: View = root.findViewById(R.id.hint)
    private val notice: TextView = root.findViewById(R.id.notice)
    private val work: View = root.findViewById(R.id.work)
    private val workName: TextView = root.findViewById(R.id.work_name)
    private val progress: ProgressBar = root.findViewById(R.id.progress)
    private val adjustment: View = root.findViewById(R.id.adjustment)
    private val sliders: Sliders = Sliders(root) { adjust(onAdjust) }
    private val lights: LightControls = LightControls(root) { adjust(onAdjust) }
    private val noFlash: View = root.findViewById(R.id.no_flash)
    private val summary: TextView = root.findViewById(R.id.summary)
    private val open: View = root.findViewById(R.id.open)
    private val save: View = root.findViewById(R.id.save)
    private val share: View = root.findViewById(R.id.share)

    init {
        keepClearOfSystemBars(root)
        open.setOnClickListener { onOpen() }
        save.setOnClickListener { onSave() }
        share.setOnClickListener { onShare() }
        root.findViewById<View>(R.id.cancel).setOnClickListener { onCancel() }
    }

    /** Shows a state. */
    fun show(state: ScreenState) {
        val photo = state.photo
        comparison.show(photo?.before, photo?.after)
        hint.showIf(photo == null && state.work == null)
        adjustment.showIf(photo != null)
        lights.show(photo?.takesLights == true)
        noFlash.showIf(photo?.isAlmostUnchanged == true)
        summary.showIf(photo != null)
        photo?.let { summary.text = describe(it.summary) }
        showWork(state.work)
        showNotice(state.notice)
        val isFree = photo != null && state.work == null
        sliders.isEnabled = isFree
        lights.isEnabled = isFree
        save.isEnabled = isFree
        share.isEnabled = isFree
        open.isEnabled = state.work == null
    }

    /** Shows that no app on the phone can handle the request. */
    fun showNoApp() = write(resources.getString(R.string.error_no_app), R.color.error)

    private fun adjust(onAdjust: (Adjustment) -> Unit) =
        onAdjust(sliders.adjustment.copy(light = lights.light))

    private fun showWork(current: Work?) {
        work.showIf(current != null)
        if (current == null) return
        val name =
            when (current.kind) {
                Work.Kind.OPENING -> R.string.work_opening
                Work.Kind.SAVING -> R.string.work_saving
            }
        workName.say(resources.getString(name))
        progress.progress = (current.fraction * progress.max).toInt()
    }

    private fun showNotice(current: Notice?) {
        notice.showIf(current != null)
        when (current) {
            null -> notice.say("")
            is Notice.Saved -> {
                val text = if (current.inGallery) R.string.saved else R.string.saved_document
                val lines = listOf(resources.getString(text, current.name)) + describe(current.leftOut)
                write(lines.joinToString("\n"), R.color.text)
            }
            is Notice.Failed -> write(describe(current.error, resources), R.color.error)
            Notice.Cancelled -> write(resources.getString(R.string.cancelled), R.color.text)
        }
    }

    private fun write(text: String, color: Int) {
        notice.showIf(true)
        notice.say(text)
        notice.setTextColor(notice.context.getColor(color))
    }

    /** Returns a line about what could not be kept, if anything. */
    private fun describe(leftOut: Set<LeftOut>): List<String> {
        if (leftOut.isEmpty()) return emptyList()
        val names =
            leftOut.sorted().map {
                when (it) {
                    LeftOut.VIDEO -> R.string.left_out_video
                    LeftOut.DEPTH -> R.string.left_out_depth
                    LeftOut.SOUND -> R.string.left_out_sound
                    LeftOut.HDR -> R.string.left_out_hdr
                }
            }
        val text = names.joinToString { resources.getString(it) }
        return listOf(resources.getString(R.string.left_out, text))
    }

    private fun describe(summary: Summary): String {
        val from = summary.reducedFrom
        val (accelerator, network, total, width, height) = summary
        return if (from == null) {
            resources.getString(R.string.summary, accelerator, network, total, width, height)
        } else {
            resources.getString(
                R.string.summary_reduced,
                accelerator,
                network,
                total,
                width,
                height,
                from.first,
                from.second,
            )
        }
    }

    // Screen readers announce these lines whenever they are set, even if the text stays the same.
    private fun TextView.say(words: String) {
        if (text.toString() != words) text = words
    }

    private fun View.showIf(condition: Boolean) {
        visibility = if (condition) View.VISIBLE else View.GONE
    }
}
