# One load by data.table::fread, for loaders.py: Rscript loaders.R FILE THREADS
library(data.table)
arguments <- commandArgs(TRUE)
file <- arguments[1]
setDTthreads(as.integer(arguments[2]))
status_kib <- function(key) {
  as.numeric(gsub("\\D", "", grep(key, readLines("/proc/self/status"), value = TRUE)))
}
tiny <- tempfile(fileext = ".csv")
writeLines(c("a,b", "1,2", "3,4"), tiny)
invisible(fread(tiny))
idle <- status_kib("VmRSS")
clock <- Sys.time()
table <- if (endsWith(file, ".gz")) {
  fread(cmd = paste("gzip -dc", shQuote(file)))
} else if (startsWith(basename(file), "comma")) {
  fread(file, sep = ";", dec = ",")
} else {
  fread(file)
}
seconds <- as.numeric(difftime(Sys.time(), clock, units = "secs"))
peak <- status_kib("VmHWM")
cat(sprintf(
  '{"seconds": %.6f, "idle_kib": %.0f, "peak_kib": %.0f, "n_rows": %d, "n_columns": %d}\n',
  seconds, idle, peak, nrow(table), ncol(table)
))
