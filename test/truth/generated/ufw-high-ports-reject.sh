# needs: ufw
# Port 21 and the range 50000 to 51000 routed; what else comes from inside is rejected.
ufw --force reset
ufw --force enable
ufw default deny routed
ufw route allow in on eth1 out on ppp0 to any port 21 proto tcp comment 'FTP control'
ufw route allow in on eth1 out on ppp0 to any port 50000:51000 proto tcp comment 'FTP data'
ufw route reject in on eth1 out on ppp0
