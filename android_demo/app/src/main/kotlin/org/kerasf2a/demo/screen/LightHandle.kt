package org.kerasf2a.demo.screen

import android.content.Context
import android.graphics.Canvas
import android.graphics.Paint
import android.graphics.RectF
import android.view.KeyEvent
import android.view.accessibility.AccessibilityNodeInfo
import android.view.accessibility.AccessibilityNodeInfo.AccessibilityAction
import org.kerasf2a.core.LightDot
import org.kerasf2a.demo.R
import kotlin.math.abs
import kotlin.math.hypot

/**
 * The dot on the photograph that shows where the light comes from. Draws it, and moves it by touch,
 * keys or a screen reader.
 */
class LightHandle(context: Context) {
    private val resources = context.resources
    private val density = resources.displayMetrics.density
    private val filling = Paint(Paint.ANTI_ALIAS_FLAG).apply { color = context.getColor(R.color.light) }
    private val edge = Paint(Paint.ANTI_ALIAS_FLAG)
    private var isDragged = false

    /** The dot's position; null if there is none. */
    var dot: LightDot? = null

    /** Whether the light has this single position. If not, the dot only waits to be dragged. */
    var isPlaced = false

    /** Whether the dot can be moved. */
    var isEnabled = true

    init {
        edge.style = Paint.Style.STROKE
        edge.strokeWidth = EDGE * density
        edge.color = context.getColor(R.color.divider)
        edge.setShadowLayer(EDGE * density, 0f, 0f, context.getColor(R.color.label_background))
    }

    /** Draws the dot; [area] is the photograph's area. */
    fun draw(canvas: Canvas, area: RectF) {
        val position = dot ?: return
        val x = area.left + position.across * area.width()
        val y = area.top + position.down * area.height()
        if (isPlaced) canvas.drawCircle(x, y, RADIUS * density, filling)
        canvas.drawCircle(x, y, RADIUS * density, edge)
    }

    /** Handles a touch, and returns whether it grabs the dot. */
    fun touch(x: Float, y: Float, area: RectF): Boolean {
        isDragged = isEnabled && dot?.let { distance(it, x, y, area) <= REACH * density } == true
        return isDragged
    }

    /** Returns where the user drags the dot; null if the drag is for something else. */
    fun drag(x: Float, y: Float, area: RectF): LightDot? {
        if (!isDragged || !isEnabled) return null
        return LightDot.inside((x - area.left) / area.width(), (y - area.top) / area.height())
    }

    /** Returns where Shift and an arrow key move the dot; null for any other key. */
    fun moved(event: KeyEvent): LightDot? = if (event.isShiftPressed) moved(KEYS[event.keyCode]) else null

    /** Returns where a screen reader's action moves the dot; null for any other action. */
    fun moved(action: Int): LightDot? = moved(ACTIONS[action]?.first)

    /** Adds the dot's actions for screen readers. */
    fun offer(info: AccessibilityNodeInfo) {
        if (dot == null || !isEnabled) return
        for ((id, action) in ACTIONS) {
            info.addAction(AccessibilityAction(id, resources.getString(action.second)))
        }
    }

    /** Describes where the light comes from; null if it has no single position. */
    fun describe(): String? {
        val position = dot?.takeIf { isPlaced } ?: return null
        val side = if (position.azimuth < 0) R.string.degrees_left else R.string.degrees_right
        val height = if (position.elevation < 0) R.string.degrees_down else R.string.degrees_up
        return resources.getString(
            R.string.describe_light,
            resources.getString(side, abs(position.azimuth)),
            resources.getString(height, abs(position.elevation)),
        )
    }

    private fun distance(position: LightDot, x: Float, y: Float, area: RectF): Float {
        val across = x - area.left - position.across * area.width()
        return hypot(across, y - area.top - position.down * area.height())
    }

    private fun moved(by: Pair<Float, Float>?): LightDot? {
        if (by == null || !isEnabled) return null
        return dot?.moved(by.first, by.second)
    }

    private companion object {
        const val RADIUS = 14
        const val REACH = 28
        const val EDGE = 3
        const val STEP = 1 / 18f
        val LEFT = Pair(-STEP, 0f)
        val RIGHT = Pair(STEP, 0f)
        val UP = Pair(0f, -STEP)
        val DOWN = Pair(0f, STEP)
        val KEYS =
            mapOf(
                KeyEvent.KEYCODE_DPAD_LEFT to LEFT,
                KeyEvent.KEYCODE_DPAD_RIGHT to RIGHT,
                KeyEvent.KEYCODE_DPAD_UP to UP,
                KeyEvent.KEYCODE_DPAD_DOWN to DOWN,
            )
        val ACTIONS =
            mapOf(
                R.id.light_to_the_left to Pair(LEFT, R.string.light_to_the_left),
                R.id.light_to_the_right to Pair(RIGHT, R.string.light_to_the_right),
                R.id.light_up to Pair(UP, R.string.light_up),
                R.id.light_down to Pair(DOWN, R.string.light_down),
            )
    }
}
