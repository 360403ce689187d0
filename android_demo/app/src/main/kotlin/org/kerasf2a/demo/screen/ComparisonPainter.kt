package org.kerasf2a.demo.screen

import android.content.Context
import android.graphics.Bitmap
import android.graphics.Canvas
import android.graphics.Paint
import android.graphics.Path
import android.graphics.RectF
import android.util.TypedValue
import android.util.TypedValue.COMPLEX_UNIT_SP
import org.kerasf2a.demo.R

/** Draws two images of a photograph, the divider with its handle, and the labels. */
class ComparisonPainter(context: Context) {
    private val density = context.resources.displayMetrics.density
    private val beforeLabel = context.getString(R.string.before)
    private val afterLabel = context.getString(R.string.after)
    private val picture = Paint(Paint.FILTER_BITMAP_FLAG)
    private val line = paint(context.getColor(R.color.divider))
    private val labelBackground = paint(context.getColor(R.color.label_background))
    private val labelText = paint(context.getColor(R.color.label_text))
    private val baseTextSize: Float
    private val arrows = Path()

    init {
        line.strokeWidth = 2 * density
        line.setShadowLayer(3 * density, 0f, 0f, context.getColor(R.color.label_background))
        val metrics = context.resources.displayMetrics
        baseTextSize = TypedValue.applyDimension(COMPLEX_UNIT_SP, TEXT_SIZE, metrics)
    }

    /**
     * Draws everything.
     *
     * @param area the photograph's area.
     * @param divider the fraction of its width that shows [before].
     */
    fun draw(canvas: Canvas, before: Bitmap, after: Bitmap, area: RectF, divider: Float) {
        val x = area.left + area.width() * divider
        fitLabels(area)
        drawPart(canvas, before, area, area.left, x)
        drawPart(canvas, after, area, x, area.right)
        drawLabel(canvas, beforeLabel, area, x, isLeft = true)
        drawLabel(canvas, afterLabel, area, x, isLeft = false)
        canvas.drawLine(x, area.top, x, area.bottom, line)
        drawHandle(canvas, x, area.centerY())
    }

    private fun drawPart(canvas: Canvas, bitmap: Bitmap, area: RectF, left: Float, right: Float) {
        canvas.save()
        canvas.clipRect(left, area.top, right, area.bottom)
        canvas.drawBitmap(bitmap, null, area, picture)
        canvas.restore()
    }

    // Both must fit side by side, even on a small image with a large font.
    private fun fitLabels(area: RectF) {
        labelText.textSize = baseTextSize
        val longest = maxOf(labelText.measureText(beforeLabel), labelText.measureText(afterLabel))
        val room = area.width() / 2 - 4 * GAP * density
        if (longest > room) labelText.textSize = baseTextSize * maxOf(room, 1f) / longest
    }

    // Each label stays on its side of the divider and is clipped by it.
    private fun drawLabel(canvas: Canvas, text: String, area: RectF, x: Float, isLeft: Boolean) {
        val gap = GAP * density
        val width = labelText.measureText(text) + 2 * gap
        val height = labelText.fontSpacing + gap
        val left = if (isLeft) area.left + gap else area.right - gap - width
        val top = area.top + gap
        canvas.save()
        if (isLeft) {
            canvas.clipRect(area.left, area.top, x, area.bottom)
        } else {
            canvas.clipRect(x, area.top, area.right, area.bottom)
        }
        val radius = height / 2
        canvas.drawRoundRect(left, top, left + width, top + height, radius, radius, labelBackground)
        val baseline = top + (height - labelText.ascent() - labelText.descent()) / 2
        canvas.drawText(text, left + gap, baseline, labelText)
        canvas.restore()
    }

    private fun drawHandle(canvas: Canvas, x: Float, y: Float) {
        canvas.drawCircle(x, y, HANDLE_RADIUS * density, line)
        arrows.rewind()
        for (side in listOf(-1, 1)) {
            arrows.moveTo(x + side * 12 * density, y)
            arrows.lineTo(x + side * 5 * density, y - 6 * density)
            arrows.lineTo(x + side * 5 * density, y + 6 * density)
            arrows.close()
        }
        canvas.drawPath(arrows, labelBackground)
    }

    private fun paint(argb: Int) = Paint(Paint.ANTI_ALIAS_FLAG).apply { color = argb }

    private companion object {
        const val TEXT_SIZE = 14f
        const val GAP = 8
        const val HANDLE_RADIUS = 18
    }
}
