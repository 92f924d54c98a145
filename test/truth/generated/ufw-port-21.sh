# needs: ufw
# Port 21 routed from inside to outside, nothing else.
ufw --force reset
ufw --force enable
ufw default deny routed
ufw route allow in on eth1 out on ppp0 to any port 21 proto tcp
