/* Stands in for libx265, the encoder of HEIC that libheif asks for when it is loaded and that ImgMine never calls: it
   reads such photos and writes none. The real one has 23 MB and the GPL, which would then cover the whole package. */
const void *x265_api_get_217(int depth) { (void)depth; return 0; }
void x265_cleanup(void) {}
