"""WebVTT cues as boxes on a picture: styles, lines, places, paint (WebVTT 7 and 8)."""
