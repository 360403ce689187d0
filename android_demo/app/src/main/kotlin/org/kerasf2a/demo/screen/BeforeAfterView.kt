package org.kerasf2a.demo.screen

import android.content.Context
import android.graphics.Bitmap
import android.graphics.Canvas
import android.graphics.RectF
import android.os.Bundle
import android.os.Parcelable
import android.util.AttributeSet
import android.view.KeyEvent
import android.view.MotionEvent
import android.view.View
import android.view.accessibility.AccessibilityNodeInfo
import org.kerasf2a.core.LightDot
import org.kerasf2a.demo.R

/**
 * Shows two images of the same photograph with a divider between them, before to its left and after
 * to its right. The user drags the divider, moves it with the arrow keys, or sets it with a screen
 * reader like a slider. The dot of a light may be drawn on top.
 */
class BeforeAfterView(context: Context, attributes: AttributeSet?) : View(context, attributes) {
    private val painter = ComparisonPainter(context)
    private val lightHandle = LightHandle(context)
    private var before: Bitmap? = null
    private var after: Bitmap? = null

    /** The position of the divider, from 0, the photograph's left edge, to 1. */
    var divider = 0.5f
        set(value) {
            field = value.coerceIn(0f, 1f)
            describe()
            invalidate()
        }

    /** Receives the positions to which the user moves the light's dot. */
    var onLight: ((LightDot) -> Unit)? = null

    /** Whether the light's dot can be moved. */
    var isLightEnabled: Boolean
        get() = lightHandle.isEnabled
        set(value) {
            lightHandle.isEnabled = value
        }

    /**
     * Shows the dot of a light, or none.
     *
     * @param isPlaced whether the light has this single position.
     */
    fun showLight(dot: LightDot?, isPlaced: Boolean) {
        lightHandle.dot = dot
        lightHandle.isPlaced = isPlaced
        describe()
        invalidate()
    }

    /** Shows two images of the same size, or nothing. */
    fun show(before: Bitmap?, after: Bitmap?) {
        this.before = before
        this.after = after
        describe()
        invalidate()
    }

    override fun onDraw(canvas: Canvas) {
        val left = before ?: return
        val right = after ?: return
        painter.draw(canvas, left, right, area(left), divider)
        lightHandle.draw(canvas, area(left))
    }

    override fun onTouchEvent(event: MotionEvent): Boolean {
        val area = area(before ?: return false)
        when (event.actionMasked) {
            // The parent must not intercept the touch while the user drags.
            MotionEvent.ACTION_DOWN -> {
                parent.requestDisallowInterceptTouchEvent(true)
                if (lightHandle.touch(event.x, event.y, area)) return true
            }
            MotionEvent.ACTION_UP -> performClick()
            MotionEvent.ACTION_MOVE -> Unit
            else -> return true
        }
        val dot = lightHandle.drag(event.x, event.y, area)
        if (dot != null) onLight?.invoke(dot) else divider = (event.x - area.left) / area.width()
        return true
    }

    override fun onKeyDown(keyCode: Int, event: KeyEvent): Boolean {
        if (before == null) return super.onKeyDown(keyCode, event)
        lightHandle.moved(event)?.let { dot ->
            onLight?.invoke(dot)
            return true
        }
        when (keyCode) {
            KeyEvent.KEYCODE_DPAD_LEFT -> divider -= STEP
            KeyEvent.KEYCODE_DPAD_RIGHT -> divider += STEP
            else -> return super.onKeyDown(keyCode, event)
        }
        return true
    }

    override fun onInitializeAccessibilityNodeInfo(info: AccessibilityNodeInfo) {
        super.onInitializeAccessibilityNodeInfo(info)
        if (before == null) return
        info.className = "android.widget.SeekBar"
        val type = AccessibilityNodeInfo.RangeInfo.RANGE_TYPE_PERCENT
        @Suppress("DEPRECATION") // Its replacement requires Android 11.
        info.rangeInfo = AccessibilityNodeInfo.RangeInfo.obtain(type, 0f, 100f, divider * 100)
        info.addAction(AccessibilityNodeInfo.AccessibilityAction.ACTION_SCROLL_FORWARD)
        info.addAction(AccessibilityNodeInfo.AccessibilityAction.ACTION_SCROLL_BACKWARD)
        info.addAction(AccessibilityNodeInfo.AccessibilityAction.ACTION_SET_PROGRESS)
        lightHandle.offer(info)
    }

    override fun performAccessibilityAction(action: Int, arguments: Bundle?): Boolean {
        val progress = AccessibilityNodeInfo.ACTION_ARGUMENT_PROGRESS_VALUE
        val dot = lightHandle.moved(action)
        when {
            before == null -> return super.performAccessibilityAction(action, arguments)
            dot != null -> onLight?.invoke(dot)
            action == AccessibilityNodeInfo.ACTION_SCROLL_FORWARD -> divider += STEP
            action == AccessibilityNodeInfo.ACTION_SCROLL_BACKWARD -> divider -= STEP
            arguments != null && arguments.containsKey(progress) ->
                divider = arguments.getFloat(progress) / 100
            else -> return super.performAccessibilityAction(action, arguments)
        }
        return true
    }

    // The system keeps this state across rotations and when the process is killed.
    override fun onSaveInstanceState(): Parcelable = Bundle().apply {
        putParcelable(SUPER_STATE, super.onSaveInstanceState())
        putFloat(DIVIDER, divider)
        lightHandle.dot?.takeIf { lightHandle.isPlaced }?.let {
            putFloatArray(LIGHT, floatArrayOf(it.across, it.down))
        }
    }

    override fun onRestoreInstanceState(state: Parcelable?) {
        val bundle = state as Bundle
        @Suppress("DEPRECATION") // Its replacement requires Android 13.
        super.onRestoreInstanceState(bundle.getParcelable(SUPER_STATE))
        divider = bundle.getFloat(DIVIDER)
        // For a named light, its button is restored later and overrides this.
        bundle.getFloatArray(LIGHT)?.let { (across, down) -> onLight?.invoke(LightDot(across, down)) }
    }

    private fun describe() {
        contentDescription =
            if (before == null) {
                resources.getString(R.string.describe_empty)
            } else {
                val where = resources.getString(R.string.describe_divider, percent())
                val words = listOf(resources.getString(R.string.describe_comparison), where)
                (words + listOfNotNull(lightHandle.describe())).joinToString(" ")
            }
    }

    private fun percent() = (divider * 100).toInt()

    /** Returns the photograph's area: as large as possible, and centered. */
    private fun area(photo: Bitmap): RectF {
        val scale = minOf(width.toFloat() / photo.width, height.toFloat() / photo.height)
        val left = (width - photo.width * scale) / 2
        val top = (height - photo.height * scale) / 2
        return RectF(left, top, left + photo.width * scale, top + photo.height * scale)
    }

    private companion object {
        const val STEP = 0.05f
        const val SUPER_STATE = "super"
        const val DIVIDER = "divider"
        const val LIGHT = "light"
    }
}
