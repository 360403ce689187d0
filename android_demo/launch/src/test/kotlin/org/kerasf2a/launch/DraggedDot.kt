package org.kerasf2a.launch

import android.graphics.RectF
import android.view.MotionEvent

/** The height of the dot that sets the light, before it is moved. */
const val ABOVE = 1 / 6f

/** Puts a finger on the first position, moves it through the others and lifts it. */
fun Phone.drag(vararg places: Pair<Float, Float>) {
    touch(MotionEvent.ACTION_DOWN, places.first())
    for (place in places.drop(1)) touch(MotionEvent.ACTION_MOVE, place)
    touch(MotionEvent.ACTION_UP, places.last())
    settle()
}

/** Sends a touch at a position on the photograph, in shares of its width and height. */
fun Phone.touch(action: Int, place: Pair<Float, Float>) {
    val area = photographArea()
    val x = area.left + place.first * area.width()
    val y = area.top + place.second * area.height()
    val event = MotionEvent.obtain(0, 0, action, x, y, 0)
    comparison.dispatchTouchEvent(event)
    event.recycle()
    idle()
}

/** Returns the photograph's area, which fills the width of a phone in portrait orientation. */
private fun Phone.photographArea(): RectF {
    val height = comparison.width * 901f / 1203f
    val top = (comparison.height - height) / 2
    return RectF(0f, top, comparison.width.toFloat(), top + height)
}
