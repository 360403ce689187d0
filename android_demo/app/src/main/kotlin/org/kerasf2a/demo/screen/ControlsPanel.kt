package org.kerasf2a.demo.screen

import android.content.Context
import android.content.res.Configuration
import android.util.AttributeSet
import android.view.View
import android.widget.LinearLayout

/**
 * The controls, in a column. In portrait orientation they take at most three fifths of the height,
 * however large the font is, and leave the rest to the photograph. The part above their buttons can
 * then scroll.
 */
class ControlsPanel(context: Context, attributes: AttributeSet?) : LinearLayout(context, attributes) {
    override fun onMeasure(widthMeasureSpec: Int, heightMeasureSpec: Int) {
        val isUpright = resources.configuration.orientation == Configuration.ORIENTATION_PORTRAIT
        val room = View.MeasureSpec.getSize(heightMeasureSpec)
        val height = if (isUpright) room * 3 / 5 else room
        super.onMeasure(
            widthMeasureSpec,
            View.MeasureSpec.makeMeasureSpec(height, View.MeasureSpec.AT_MOST),
        )
    }
}
