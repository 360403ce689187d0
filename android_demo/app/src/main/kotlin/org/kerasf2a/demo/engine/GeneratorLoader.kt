package org.kerasf2a.demo.engine

import android.content.Context
import org.kerasf2a.core.FaceNetwork
import org.kerasf2a.core.Generator

/**
 * Opens the app's networks on the best accelerator for this phone. The sibling for the other
 * orientation is opened on first use.
 *
 * @throws ModelMissing if the app contains no model.
 * @throws org.kerasf2a.core.PhotoError.ModelFailed if a network does not run.
 */
fun openGenerator(context: Context): Generator {
    val assets = ModelAssets.map(context.assets)
    val chooser = EngineChooser(context, GpuMemory(context, assets.model.capacity()))
    val engine = chooser.open(assets.model)
    var faces: FaceNetwork? = null
    try {
        faces = assets.faces?.let { InterpreterFaces(it) }
        return Generator(engine, assets.sibling?.let { model -> { chooser.open(model) } }, faces)
    } finally {
        if (assets.faces != null && faces == null) engine.close()
    }
}
