package org.kerasf2a.demo

import android.app.Activity
import android.content.ActivityNotFoundException
import android.content.Intent
import android.net.Uri
import android.os.Bundle
import org.kerasf2a.demo.screen.Screen

/** The app's only screen, which connects views, other apps and the session. */
class MainActivity : Activity() {
    private lateinit var session: CorrectionSession
    private lateinit var screen: Screen
    private var sharesWhenSaved = false

    override fun onCreate(savedInstanceState: Bundle?) {
        super.onCreate(savedInstanceState)
        setContentView(R.layout.main)
        val retained = lastNonConfigurationInstance as CorrectionSession?
        session = retained ?: CorrectionSession(application as DemoApplication)
        screen =
            Screen(
                root = findViewById(R.id.root),
                onOpen = { start(pickPhotograph(), PICK) },
                onSave = {
                    sharesWhenSaved = false // Drop an earlier share request of a failed save.
                    save()
                },
                onShare = { share() },
                onCancel = { session.cancel() },
                onAdjust = { session.adjust(it) },
            )
        session.listener = { show(it) }
        when {
            savedInstanceState == null -> startWith(intent)
            retained == null && savedInstanceState.getBoolean(HAS_PHOTOGRAPH) -> session.resume()
        }
        sharesWhenSaved = savedInstanceState?.getBoolean(SHARES_WHEN_SAVED) ?: false
        show(session.state)
    }

    override fun onNewIntent(intent: Intent) {
        super.onNewIntent(intent)
        val shared = sharedPhotograph(intent) ?: return
        sharesWhenSaved = false
        session.open(shared)
    }

    override fun onRetainNonConfigurationInstance(): Any = session

    override fun onSaveInstanceState(outState: Bundle) {
        super.onSaveInstanceState(outState)
        outState.putBoolean(HAS_PHOTOGRAPH, session.hasPhotograph)
        outState.putBoolean(SHARES_WHEN_SAVED, sharesWhenSaved)
    }

    override fun onDestroy() {
        session.listener = null
        if (!isChangingConfigurations) session.close()
        super.onDestroy()
    }

    override fun onActivityResult(requestCode: Int, resultCode: Int, data: Intent?) {
        super.onActivityResult(requestCode, resultCode, data)
        val uri = data?.data?.takeIf { resultCode == RESULT_OK }
        when {
            uri == null -> sharesWhenSaved = false
            requestCode == PICK -> session.open(uri)
            requestCode == CREATE -> session.save(uri)
        }
    }

    private fun startWith(intent: Intent) {
        session.forget()
        sharedPhotograph(intent)?.let { session.open(it) }
    }

    private fun save() {
        if (session.savesToGallery) session.save() else start(createJpeg(session.resultName()), CREATE)
    }

    /** Shares the photograph, after saving it if necessary. */
    private fun share() {
        val saved = session.saved
        if (saved != null) {
            start(shareJpeg(saved, getString(R.string.share)), SHARE)
        } else {
            sharesWhenSaved = true
            save()
        }
    }

    private fun show(state: ScreenState) {
        screen.show(state)
        if (sharesWhenSaved && state.work == null && state.notice != null) {
            sharesWhenSaved = false
            if (state.notice is Notice.Saved) share()
        }
    }

    private fun start(intent: Intent, request: Int) {
        try {
            startActivityForResult(intent, request)
        } catch (_: ActivityNotFoundException) {
            screen.showNoApp()
        }
    }

    private companion object {
        const val PICK = 1
        const val CREATE = 2
        const val SHARE = 3
        const val HAS_PHOTOGRAPH = "has photograph"
        const val SHARES_WHEN_SAVED = "shares when saved"
    }
}
