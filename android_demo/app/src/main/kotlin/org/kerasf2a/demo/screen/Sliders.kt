package org.kerasf2a.demo.screen

import android.os.Build
import android.view.View
import android.widget.SeekBar
import android.widget.TextView
import org.kerasf2a.core.LARGEST_STRENGTH
import org.kerasf2a.core.Tone
import org.kerasf2a.demo.Adjustment
import org.kerasf2a.demo.R
import kotlin.math.roundToInt

/**
 * The sliders for strength, brightness and warmth, each with its value beside it. The system keeps
 * their positions across rotations and when the process is killed.
 *
 * @param root contains the views.
 * @param onAdjust is called after every change.
 */
class Sliders(root: View, onAdjust: () -> Unit) {
    private val resources = root.resources
    private val strength: Slider =
        Slider(root, R.id.strength, R.id.strength_value, STRENGTH, PERCENT, onAdjust, initial = 1f) {
            resources.getString(R.string.percent, (it * PERCENT).roundToInt())
        }
    private val brightness: Slider =
        Slider(root, R.id.brightness, R.id.brightness_value, BRIGHTNESS, TENTHS, onAdjust) {
            if (it == 0f) NEUTRAL else resources.getString(R.string.stops, it)
        }
    private val warmth: Slider =
        Slider(root, R.id.warmth, R.id.warmth_value, WARMTH, TWENTIETHS, onAdjust) {
            if (it == 0f) NEUTRAL else resources.getString(R.string.signed, (it * PERCENT).roundToInt())
        }

    /** Whether the sliders can be moved. */
    var isEnabled: Boolean
        get() = strength.isEnabled
        set(value) {
            for (slider in listOf(strength, brightness, warmth)) slider.isEnabled = value
        }

    /** The current settings. */
    val adjustment: Adjustment
        get() = Adjustment(strength.value, brightness.value, warmth.value)

    private companion object {
        const val PERCENT = 100
        const val TENTHS = 10
        const val TWENTIETHS = 20
        const val NEUTRAL = "0"
        val STRENGTH = 0f..LARGEST_STRENGTH
        val BRIGHTNESS = -Tone.LARGEST_BRIGHTNESS..Tone.LARGEST_BRIGHTNESS
        val WARMTH = -Tone.LARGEST_WARMTH..Tone.LARGEST_WARMTH
    }
}

/**
 * A bar with whole steps that represents a range of values.
 *
 * @param steps number of steps per unit of the value.
 * @param changed called after every change.
 * @param initial the initial value.
 * @param words formats a value for display.
 */
private class Slider(
    root: View,
    bar: Int,
    label: Int,
    range: ClosedFloatingPointRange<Float>,
    private val steps: Int,
    private val changed: () -> Unit,
    initial: Float = 0f,
    private val words: (Float) -> String,
) : SeekBar.OnSeekBarChangeListener {
    private val bar: SeekBar = root.findViewById(bar)
    private val label: TextView = root.findViewById(label)
    private val name = this.bar.contentDescription
    private val zero = (-range.start * steps).roundToInt()

    init {
        this.bar.max = zero + (range.endInclusive * steps).roundToInt()
        this.bar.progress = zero + (initial * steps).roundToInt()
        this.bar.setOnSeekBarChangeListener(this)
        describe()
    }

    val value: Float
        get() = (bar.progress - zero) / steps.toFloat()

    var isEnabled: Boolean
        get() = bar.isEnabled
        set(value) {
            bar.isEnabled = value
        }

    override fun onProgressChanged(bar: SeekBar, progress: Int, fromUser: Boolean) {
        describe()
        changed()
    }

    override fun onStartTrackingTouch(bar: SeekBar) = Unit

    override fun onStopTrackingTouch(bar: SeekBar) = Unit

    // By default, a screen reader calls the middle of a bar 50 percent.
    private fun describe() {
        val text = words(value)
        label.text = text
        if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.R) {
            bar.stateDescription = text
        } else {
            bar.contentDescription = "$name, $text"
        }
    }
}
