package org.kerasf2a.demo.screen

import android.view.View
import android.widget.RadioButton
import android.widget.RadioGroup
import org.kerasf2a.core.LightDot
import org.kerasf2a.core.LightMixture
import org.kerasf2a.demo.R

/**
 * The choice of a light: buttons for named lights, and the dot on the photograph for any other. The
 * system keeps the choice across rotations and when the process is killed.
 *
 * @param root contains the views.
 * @param onChoose is called after every change.
 */
class LightControls(root: View, private val onChoose: () -> Unit) {
    private val panel: View = root.findViewById(R.id.light_panel)
    private val names: RadioGroup = root.findViewById(R.id.lights)
    private val comparison: BeforeAfterView = root.findViewById(R.id.comparison)
    private var dragged: LightDot? = null
    private var isShown = false

    /** The light as a text for [LightMixture.of]. */
    var light = LightMixture.AUTO
        private set

    init {
        names.setOnCheckedChangeListener { group, id ->
            // Unchecking a button is reported too.
            val button: RadioButton? = group.findViewById(id)
            if (button != null && button.isChecked) choose(NAMES.getValue(id))
        }
        comparison.onLight = { dot ->
            names.clearCheck()
            choose(dot.light, dot)
        }
    }

    /** Shows the controls, or hides them for a network that ignores the light. */
    fun show(takesLights: Boolean) {
        if (takesLights == isShown) return
        isShown = takesLights
        panel.visibility = if (takesLights) View.VISIBLE else View.GONE
        showDot()
    }

    /** Whether a light can be chosen. */
    var isEnabled: Boolean
        get() = comparison.isLightEnabled
        set(value) {
            comparison.isLightEnabled = value
            for (id in NAMES.keys) names.findViewById<View>(id).isEnabled = value
        }

    private fun choose(text: String, dot: LightDot? = null) {
        light = text
        dragged = dot
        showDot()
        onChoose()
    }

    private fun showDot() {
        val dot = dragged ?: LightMixture.NAMED[light]?.let { LightDot.of(it) }
        val waiting = if (isShown) ABOVE else null
        comparison.showLight(dot ?: waiting, isPlaced = dot != null)
    }

    private companion object {
        val NAMES =
            mapOf(
                R.id.light_auto to LightMixture.AUTO,
                R.id.light_ceiling to "ceiling",
                R.id.light_window_left to "window-left",
                R.id.light_window_right to "window-right",
                R.id.light_lamp_left to "lamp-left",
                R.id.light_lamp_right to "lamp-right",
                R.id.light_room to "room",
            )

        /** The dot's position while the light has no single position. */
        val ABOVE = LightDot.of(LightMixture.NAMED.getValue("ceiling"))
    }
}
